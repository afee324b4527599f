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
  await visitor.showInFull("姓名", "Name", "check_correction");
  await expect(page.getByText("李若曦")).toBeVisible();
  await visitor.approve("批准更正", "Approve the correction");
  await visitor.until("已办结", "Completed");
  expect(portal.company(`SELECT name FROM customers WHERE email = '${li.email}'`)).toEqual([{ name: "李若曦" }]);
});

test("a new number is theirs once a code that went there says so", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  await visitor.signInByEmail(li.email!);
  const account = page.locator(".card").filter({ has: page.locator("h3", { hasText: has("您的账号", "your account") }) }).first();
  await account.getByRole("link", { name: has("更正手机号码", "Correct Mobile number") }).click();
  await page.locator("#after").fill("15499990007");
  await page.locator("#evidence").fill("换了号码");
  await visitor.press("提交更正申请", "Send the request");
  await visitor.heading("确认新的手机号码", "Confirm: Mobile number");
  await visitor.press("号码不对，返回修改", "Change the number or address");
  await expect(page.locator("#after")).toHaveValue("15499990007");
  await expect(page.locator("#evidence")).toHaveValue("换了号码");
  await page.locator("#after").fill("15499990008");
  await visitor.press("提交更正申请", "Send the request");
  await visitor.heading("确认新的手机号码", "Confirm: Mobile number");
  await page.locator("#code").fill("000");
  await visitor.press("继续", "Continue");
  await expect(page.getByRole("alert")).toBeVisible();
  await page.locator("#code").fill(await portal.code("15499990008"));
  await visitor.press("继续", "Continue");
  const number = (await page.locator(".big-number").innerText()).trim();
  await visitor.signOut();

  await visitor.signInAsStaff();
  await visitor.open(`/officer/requests/${number}`);
  await expect(page.getByText(has("证明新的号码或者邮箱是本人的", "new number or address is theirs"))).toBeVisible();
  await page.getByRole("button", { name: has("核对后批准", "Check and approve") }).click();
  await expect(page.getByRole("alert")).toContainText(has("请先逐项显示并核对", "Show each value that is corrected"));
  await visitor.showInFull("手机号码", "Mobile number", "check_correction");
  await expect(page.getByText("15499990008")).toBeVisible();
  await visitor.approve("批准更正", "Approve the correction");
  await visitor.until("已办结", "Completed");
  expect(portal.company(`SELECT mobile FROM customers WHERE email = '${li.email}'`)).toEqual([{ mobile: "15499990008" }]);
});
