import { expect, has, test } from "../portal";

/** As a window of WeChat on a telephone says it is. It opens no second window, and saves no file. */
const WINDOW =
  "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50 MiniProgramEnv/android";

test.use({ userAgent: WINDOW, acceptDownloads: false });

test("whoever is signed in in the company's app goes on inside it, without a code and in one window", async ({ visitor, portal, page, context }) => {
  const li = portal.person("customer");
  const key = portal.command("program", "add", "--name", "shop app", "--scopes", "act-for-subjects").match(/qd_\S+/)![0];
  const handed = await fetch(`${portal.url}/api/v1/subjects/hand-over`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json", "Idempotency-Key": "once" },
    body: JSON.stringify({ subject: { email: li.email, proven_at: new Date().toISOString() } }),
  });
  const { url } = await handed.json();
  expect(url).not.toContain("@");
  await page.goto(url);
  await visitor.heading("从公司的应用过来", "You come from the company's own app");
  await expect(page.getByText("c***@example.com")).toBeVisible();
  await visitor.press("继续", "Continue");
  await visitor.heading("我的信息", "My information");
  const inOneWindow = async () => expect(await page.locator("a[target], form[target]").count()).toBe(0);
  await inOneWindow();

  // As fresh as the app said: no code is asked for what takes one.
  await visitor.follow("删除我的信息", "Delete my information");
  await visitor.press("提交删除申请", "Ask for deletion");
  await visitor.heading("已受理", "Request received");
  await inOneWindow();
  await visitor.open("/mine/copy");
  await expect(page.getByText(has("请用手机自带的浏览器打开本网站", "open this site in your browser"))).toBeVisible();
  await inOneWindow();
  expect(context.pages().length).toBe(1);
  expect(portal.letters().filter((letter) => /\b\d{6}\b/.test(letter.body))).toEqual([]);

  // What led here leads nobody else here.
  await visitor.signOut();
  await page.goto(url);
  await visitor.heading("这个链接已经用过或者过期", "This link was used before or is too old");
});
