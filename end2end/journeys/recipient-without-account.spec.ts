import { expect, has, test } from "../portal";

test("a recipient without an account sees and erases their own side only", async ({ visitor, portal, page }) => {
  const wang = portal.person("receiver");
  const waybill = () => portal.company(`SELECT * FROM waybills WHERE waybill_no = '${wang.waybill_no}'`)[0];
  const before = waybill();

  await visitor.signInWithParcel(wang.mobile, wang.waybill_no!);
  await expect(page.getByText(has("收件", "as the recipient")).first()).toBeVisible();
  const shown = await page.locator("main").innerText();
  expect(shown).not.toContain(String(before.sender_mobile).slice(-4));
  expect(shown).not.toContain(String(before.sender_name));
  // Masked as on a parcel: at least six digits hidden.
  expect(shown).toContain(`1****${wang.mobile.slice(-4)}`);

  await visitor.follow("显示完整内容", "Show values in full");
  await expect(page.getByText(String(before.receiver_address))).toBeVisible();

  await page.goto(`${portal.url}/mine/delete`);
  await visitor.press("提交删除申请", "Ask for deletion");
  const number = (await page.locator(".big-number").innerText()).trim();
  await visitor.signOut();
  await visitor.signInAsStaff("officer2");
  await page.getByRole("link", { name: number }).click();
  await visitor.approve();
  await visitor.until("已办结", "Completed");

  const after = waybill();
  expect(after).toMatchObject({ receiver_name: null, receiver_mobile: null });
  expect(portal.cityAtMost(after.receiver_address)).toBe(true);
  for (const side of ["sender_id", "sender_name", "sender_mobile", "sender_address", "waybill_no", "delivered_at"]) {
    expect(after[side], side).toBe(before[side]);
  }
});

test("a mobile and a waybill that do not belong together get the same answer and no code", async ({ visitor, portal, page }) => {
  const wang = portal.person("receiver");
  const other = portal.person("customer");
  await visitor.open("/sign-in/parcel");
  await page.locator("#mobile").fill(wang.mobile);
  await page.locator("#waybill").fill(other.waybill_no!.replace(/.$/, "9"));
  await visitor.press("发送验证码", "Send the code");
  await visitor.heading("输入验证码", "Enter the code");
  await page.waitForTimeout(1500);
  expect(portal.letters()).toEqual([]);
  await page.locator("#code").fill("123456");
  await visitor.press("继续", "Continue");
  await expect(page.getByRole("alert")).toContainText(has("验证码不对", "That code is not right"));
});
