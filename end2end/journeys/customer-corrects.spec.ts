import { expect, has, test } from "../portal";

test("a value that may be corrected at once is corrected at once", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  const id = portal.company(`SELECT id FROM customers WHERE email = '${li.email}'`)[0].id;
  await visitor.signInByEmail(li.email!);
  const address = page.locator(".card").filter({ has: page.locator("h3", { hasText: has("地址簿", "Address book") }) }).first();
  await address.getByRole("link", { name: has("更正手机号码", "Correct Mobile number") }).click();
  await page.locator("#after").fill("not a number");
  await visitor.press("立即更正", "Correct it now");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.locator("#after")).toHaveValue("not a number");
  await page.locator("#after").fill("+86 154 9999 0001");
  await visitor.press("立即更正", "Correct it now");
  await expect(page.getByText(has("已办结", "Completed")).first()).toBeVisible();
  const numbers = portal.company(`SELECT contact_mobile FROM addresses WHERE customer_id = ${id} AND contact_mobile = '15499990001'`);
  expect(numbers).toHaveLength(1);
});

test("a name goes to an officer with the reason, and is corrected after approval", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  await visitor.signInByEmail(li.email!);
  const account = page.locator(".card").filter({ has: page.locator("h3", { hasText: has("您的账号", "your account") }) }).first();
  await account.getByRole("link", { name: has("更正姓名", "Correct Name") }).click();
  await page.locator("#after").fill("李若曦");
  await visitor.press("提交更正申请", "Send the request");
  await expect(page.getByRole("alert")).toContainText(has("请说明为什么要更正", "Say why"));
  await expect(page.locator("#after")).toHaveValue("李若曦");
  await page.locator("#evidence").fill("改名 <b>2026</b>");
  await visitor.press("提交更正申请", "Send the request");
  const number = (await page.locator(".big-number").innerText()).trim();
  await visitor.signOut();

  await visitor.signInAsStaff();
  await page.getByRole("link", { name: number }).click();
  await expect(page.getByText("改名 <b>2026</b>")).toBeVisible();
  await expect(page.getByText("李*曦")).toBeVisible();
  await visitor.press("显示完整内容（会记入审计日志）", "Show in full (goes into the audit log)");
  await expect(page.getByText("李若曦")).toBeVisible();
  await visitor.approve("批准更正", "Approve the correction");
  await visitor.until("已办结", "Completed");
  expect(portal.company(`SELECT name FROM customers WHERE email = '${li.email}'`)).toEqual([{ name: "李若曦" }]);
});
