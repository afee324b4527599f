// Every page: without accessibility violations in light, dark and large text; usable at 360 px; by keyboard.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, has, test, Visitor, type Portal } from "./portal";

async function walk(visitor: Visitor, portal: Portal, page: Page, look: (name: string) => Promise<void>) {
  const li = portal.person("customer");
  for (const [name, path] of [
    ["home", "/"], ["rights", "/rights"], ["policy", "/policy"], ["policy-rules", "/policy/rules"], ["policy-versions", "/policy/versions"], ["policy-minors", "/policy/minors"], ["verify", "/verify"], ["sign-in", "/sign-in"], ["parcel", "/sign-in/parcel"],
    ["mailbox", "/demo/mailbox"], ["arrive-gone", "/arrive/none"], ["transfer-gone", "/transfer/none"], ["not-found", "/nowhere"], ["officer-sign-in", "/officer/sign-in"],
  ]) {
    await visitor.open(path);
    await look(name);
  }
  await visitor.open("/sign-in");
  await page.locator("#email").fill("not an address");
  await visitor.press("发送验证码", "Send the code");
  await look("sign-in-error");
  await page.locator("#email").fill(li.email!);
  await visitor.press("发送验证码", "Send the code");
  await look("code");
  await visitor.enterCode(li.email!);
  await look("mine");
  await visitor.open("/mine/lists");
  await look("mine-lists");
  await visitor.open("/mine/consent");
  await look("mine-consent");
  await visitor.open("/mine/looks");
  await look("mine-looks");
  await visitor.open("/mine/copy");
  await look("copy");
  await visitor.open("/mine/cancel-account");
  await look("cancel-account");
  await visitor.open("/rights/restrict");
  await look("restrict");
  await visitor.open("/rights/lift");
  await look("lift");
  await visitor.open("/rights/refuse-decision");
  await look("wish");
  await visitor.press("提交申请", "Send the request");
  await look("wish-error");
  await visitor.open("/rights/for-another");
  await look("for-another");
  await page.locator("input[name=kind][value=withdraw]").check();
  await visitor.press("继续", "Continue");
  await visitor.press("继续", "Continue");
  await look("for-another-error");
  await visitor.open("/mine/full");
  await look("mine-full");
  await page.locator("a.correct").first().click();
  await look("correct");
  await visitor.open("/confirm");
  await look("confirm");
  await visitor.open("/mine/delete");
  await look("delete");
  await visitor.press("提交删除申请", "Ask for deletion");
  await look("request");
  const number = (await page.locator(".big-number").innerText()).trim();
  await visitor.open("/requests");
  await look("requests");
  await visitor.signOut();
  await visitor.signInAsStaff();
  await look("queue");
  await visitor.open("/officer/find");
  await visitor.press("查找", "Find");
  await look("find-error");
  await visitor.open("/officer");
  await page.locator("input[name=number]").first().check();
  await page.locator("#action").selectOption("approve");
  await visitor.press("先看看会怎样", "See first what it would do");
  await look("bulk");
  await visitor.open("/officer/new");
  await look("intake");
  await visitor.open("/officer/new?kind=delete");
  await look("intake-delete");
  await visitor.open("/officer/new?kind=correct");
  await page.locator("input[value=phone]").check();
  await page.locator("#email").fill(li.email!);
  await page.locator("#words").fill("姓名有误 The name is wrong");
  await visitor.press("继续", "Continue");
  await look("intake-check");
  await visitor.press("登记", "Write it down");
  await page.getByRole("link", { name: has("写明要更正的内容", "Work out the correction") }).click();
  await look("work-out");
  await visitor.press("提交，由另一位工作人员决定", "Hand it on for a decision");
  await look("work-out-error");
  await visitor.open("/officer/password");
  await visitor.press("修改密码", "Change the password");
  await look("password-error");
  await visitor.open("/officer/statistics");
  await look("statistics");
  await visitor.open(`/officer/requests/${number}/leave-out`);
  await look("leave-out");
  await page.getByRole("button", { name: has("显示完整的", "Show in full") }).first().click();
  await look("reveal");
  await visitor.press("记录并显示", "Enter it and show the value");
  await look("reveal-error");
  await visitor.open("/officer");
  await page.getByRole("link", { name: number }).click();
  await page.locator("summary", { hasText: has("不予同意", "Refuse") }).click();
  await look("case");
  await visitor.press("核对后批准", "Check and approve");
  await look("case-check");
  await visitor.press("批准并执行这个方案", "Approve and carry out this plan");
  await visitor.until("已办结", "Completed");
  await look("case-done");
  await page.getByRole("button", { name: has("通知Example Parcel", "Tell Example Parcel") }).click();
  await look("tell");
  const told = await portal.letter("privacy@linehaul.example.com", new RegExp(number));
  await visitor.open(told.body.match(/\/recipients\/[0-9a-f]+/)![0]);
  await look("recipient");
  await visitor.open(`/officer/requests/${number}/locked`);
  await look("locked");
  await visitor.open(`/verify/${number}`);
  await look("certificate");
  await visitor.open("/officer/policy");
  await look("officer-policy");
  await visitor.open("/officer/differences");
  await look("officer-differences");
  portal.command("retain");
  await visitor.open("/officer/nights");
  await look("nights");
  await page.getByRole("link", { name: has("签名的报告", "The signed report") }).first().click();
  await look("night");
  await visitor.open("/officer/register");
  await look("register");
  await visitor.open("/officer/simulate?table=company.support_tickets&keep=6&unit=months");
  await look("simulate");
  await visitor.open("/officer/holds/new");
  await look("hold-what");
  await visitor.open("/officer/holds/new?on=company.waybills");
  await visitor.press("核对", "Check");
  await look("hold-error");
  await page.locator("#owner").fill("Legal");
  await page.locator("#reason").fill("YF-2026-7");
  await page.locator("#review_on").fill("2099-01-31");
  await visitor.press("核对", "Check");
  await look("hold-check");
  await visitor.press("确认设置", "Place the hold");
  await look("hold");
  await visitor.open("/officer/holds");
  await look("holds");
  await visitor.signOut();
  await visitor.signInAsStaff("auditor");
  await visitor.open("/officer/audit");
  await look("audit");
  await visitor.signOut();
  await visitor.signInAsStaff("system");
  await visitor.open("/officer/connections");
  await visitor.press("添加", "Add");
  await look("connections-error");
  await page.locator("#url").fill("https://example.com/hook");
  await visitor.press("添加", "Add");
  await look("connections");
}

test("every page fits, says its language, and has one heading", async ({ visitor, portal, page }) => {
  await walk(visitor, portal, page, async (name) => {
    // The page a press leads to may still be on its way.
    await expect(page.locator("h1"), name).toHaveCount(1);
    expect(await page.locator("html").getAttribute("lang"), name).toMatch(/^(zh-CN|en)$/);
    const { scroll, width } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      width: document.documentElement.clientWidth,
    }));
    expect(scroll, `${name} scrolls sideways`).toBeLessThanOrEqual(width);
    // In Chinese no English sentence, in English no Chinese one: names and data apart.
    if ((await page.locator("html").getAttribute("lang")) === "zh-CN" && name !== "audit") {
      const words = (await page.locator("h1, h2, button, label, summary").allInnerTexts()).join("\n");
      expect(words.replace(/QD-\S+|English|Example\S*.*|qingdan retain/g, ""), name).not.toMatch(/[A-Za-z]{4,} [A-Za-z]{3,}/);
    }
  });
});

test("axe finds nothing on any page, in light, dark and large text", async ({ visitor, portal, page, context, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "axe is a script");
  test.setTimeout(400_000);
  await walk(visitor, portal, page, async (name) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      expect(violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.html).join(" | ")}`), `${name} ${colorScheme}`).toEqual([]);
    }
  });
  await context.addCookies([{ name: "text", value: "large", url: portal.url }]);
  await visitor.open("/policy");
  await expect(page.locator("html")).toHaveAttribute("data-size", "large");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => v.id)).toEqual([]);
});

test("the keyboard reaches everything, and focus can be seen", async ({ visitor, page }) => {
  await visitor.open("/");
  await page.keyboard.press("Tab");
  await expect(page.locator(".skip")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
  await page.keyboard.press("Tab");
  const door = page.locator(".door").first();
  await expect(door).toBeFocused();
  expect(await door.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe("solid");
});

test("language and text size change without a script and are remembered", async ({ visitor, page }) => {
  await visitor.open("/policy");
  const first = await page.locator("html").getAttribute("lang");
  await page.getByRole("contentinfo").getByRole("link", { name: first === "en" ? "简体中文" : "English" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", first === "en" ? "zh-CN" : "en");
  expect(page.url()).toContain("/policy");
  await page.getByRole("contentinfo").getByRole("link", { name: has("长辈模式：大字", "Large text") }).click();
  await expect(page.locator("html")).toHaveAttribute("data-size", "large");
});

test("with a script, waiting pages renew themselves and j and k walk the queue", async ({ visitor, portal, page, browser, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "islands are scripts");
  const li = portal.person("spare");
  await visitor.signInByEmail(li.email!);
  await visitor.open("/mine/delete");
  await visitor.press("提交删除申请", "Ask for deletion");
  const number = (await page.locator(".big-number").innerText()).trim();
  await expect(page.locator("html[data-hydrated]")).toBeAttached();

  const other = await browser.newContext({ locale: "zh-CN" });
  const officer = new Visitor(await other.newPage(), portal);
  await officer.signInAsStaff();
  await expect(officer.page.locator("html[data-hydrated]")).toBeAttached();
  await officer.page.keyboard.press("j");
  await expect(officer.page.getByRole("link", { name: number })).toBeFocused();
  await officer.page.keyboard.press("Enter");
  await officer.approve();
  // Nobody reloads the customer's page.
  await expect(page.getByText(has("已办结", "Completed")).first()).toBeVisible({ timeout: 20_000 });
  await other.close();
});
