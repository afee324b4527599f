import AxeBuilder from "@axe-core/playwright";
import { client, IdentityProvider, type Customer } from "../identity-provider";
import { expect, has, test, type Portal } from "../portal";

/** The portal, started again with this provider in its configuration. */
async function know(portal: Portal, provider: IdentityProvider) {
  await portal.restart({
    toml: `
[[identity_provider]]
id = "yuanfan"
name = { zh-CN = "远帆账号", en = "your Yuanfan account" }
issuer = "${provider.url}"
client_id = "${client.id}"
client_secret_env = "OIDC_SECRET"
`,
    env: { OIDC_SECRET: client.secret },
  });
}

const li = (portal: Portal, verified = true): Customer => ({ sub: "248289761001", email: portal.person("customer").email!, email_verified: verified });

test("whoever is signed in at the company's provider arrives signed in, and needs no code", async ({ visitor, portal, page, javaScriptEnabled }) => {
  const provider = await IdentityProvider.start(li(portal));
  await know(portal, provider);
  const before = portal.log().length;
  // They were going somewhere.
  await visitor.open("/mine/full");
  await visitor.heading("用邮箱登录", "Sign in by e-mail");
  if (javaScriptEnabled) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      expect(violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
    }
  }
  const button = page.getByRole("link", { name: has("用远帆账号登录", "Sign in with your Yuanfan account") });
  expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
  await button.click();

  await expect(page.getByRole("heading", { name: "Yuanfan account" })).toBeVisible();
  expect(page.url()).not.toContain("@");
  const back = page.waitForRequest((request) => request.url().includes("/back?"));
  await page.getByRole("link", { name: "Share", exact: true }).click();
  const wayBack = (await back).url();
  // Their session travelled with the way back from another site, and they are where they wanted to be.
  await expect(page).toHaveURL(`${portal.url}/mine/full`);
  await expect(page.getByText(portal.person("customer").email!).first()).toBeVisible();
  expect(portal.letters()).toEqual([]);
  expect(portal.log().slice(before)).not.toContain(portal.person("customer").email!);

  // The same way back does not sign anybody in a second time.
  await visitor.signOut();
  await page.goto(wayBack);
  await visitor.open("/mine");
  await visitor.heading("用邮箱登录", "Sign in by e-mail");
  provider.stop();
});

test("whoever does not want to, and whoever finds it down, signs in with a code", async ({ visitor, portal, page, javaScriptEnabled }) => {
  const provider = await IdentityProvider.start(li(portal));
  await know(portal, provider);
  await visitor.open("/sign-in");
  await visitor.follow("用远帆账号登录", "Sign in with your Yuanfan account");
  await page.getByRole("link", { name: "Do not share" }).click();
  await visitor.heading("您没有同意登录", "You did not agree to sign in");
  if (javaScriptEnabled) {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((v) => v.id)).toEqual([]);
  }
  provider.stop();
  await know(portal, provider);
  await visitor.open("/sign-in");
  await visitor.follow("用远帆账号登录", "Sign in with your Yuanfan account");
  await visitor.heading("现在连不上远帆账号", "your Yuanfan account cannot be reached");
  await visitor.follow("用验证码登录", "Sign in with a code");
  await page.locator("#email").fill(portal.person("customer").email!);
  await visitor.press("发送验证码", "Send the code");
  await visitor.enterCode(portal.person("customer").email!);
  await visitor.heading("我的信息", "My information");
});

test("an address that is not verified there opens nothing, and the page says what to do", async ({ visitor, portal, page }) => {
  const provider = await IdentityProvider.start(li(portal, false));
  await know(portal, provider);
  await visitor.open("/sign-in");
  await visitor.follow("用远帆账号登录", "Sign in with your Yuanfan account");
  await page.getByRole("link", { name: "Share", exact: true }).click();
  await visitor.heading("还没有验证", "not verified there");
  await expect(page.locator("main")).toContainText(has("手机号加运单号", "by mobile and waybill number"));
  await visitor.open("/mine");
  await visitor.heading("用邮箱登录", "Sign in by e-mail");
  provider.stop();
});
