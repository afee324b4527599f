import { expect, has, test } from "../portal";

test("what an old customer says on the telephone is worked out by one officer and decided by another", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  const stored = `SELECT name, mobile FROM customers WHERE email = '${li.email}'`;
  const before = portal.company(stored);
  await visitor.signInAsStaff("officer");
  await visitor.follow("登记申请", "Write down a request");
  await page.locator("input[name=kind][value=correct]").check();
  await visitor.press("继续", "Continue");
  await page.locator("input[value=phone]").check();
  await page.locator("#email").fill(li.email!);
  await visitor.press("继续", "Continue");
  await expect(page.getByRole("alert")).toContainText(has("您怎样核实的身份", "how you made sure who it was"));
  const words = "姓名登记错了。已按登记的号码回拨核实。";
  await page.locator("#words").fill(words);
  await visitor.press("继续", "Continue");
  await visitor.heading("请核对", "Check before you send it");
  await expect(page.getByText(words)).toBeVisible();
  await visitor.press("登记", "Write it down");
  await expect(page.getByText(has("由工作人员登记：电话", "Written down by staff: By telephone"))).toBeVisible();
  const number = new URL(page.url()).pathname.split("/").pop()!;

  await page.getByRole("link", { name: has("写明要更正的内容", "Work out the correction") }).click();
  await visitor.press("提交，由另一位工作人员决定", "Hand it on for a decision");
  await expect(page.getByRole("alert")).toContainText(has("至少填写一项", "at least one value"));
  const [name, mobile] = ["name", "mobile"].map((column) => page.locator(`input[name$=":${column}"]`).first());
  await name.fill("李若曦");
  await mobile.fill("12");
  await visitor.press("提交，由另一位工作人员决定", "Hand it on for a decision");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(name).toHaveValue("李若曦");
  await mobile.fill("");
  await visitor.press("提交，由另一位工作人员决定", "Hand it on for a decision");
  await expect(page.getByText("李*曦")).toBeVisible();
  await expect(page.getByRole("button", { name: has("核对后批准", "Check and approve") })).toHaveCount(0);
  expect(portal.company(stored)).toEqual(before);
  await visitor.signOut();

  await visitor.signInAsStaff("officer2");
  await visitor.open(`/officer/requests/${number}`);
  await visitor.showInFull("姓名", "Name", "check_correction");
  await expect(page.getByText("李若曦")).toBeVisible();
  await visitor.approve("批准更正", "Approve the correction");
  await visitor.until("已办结", "Completed");
  expect(portal.company(stored)).toEqual([{ name: "李若曦", mobile: before[0].mobile }]);
  await visitor.signOut();

  await visitor.signInByEmail(li.email!);
  await visitor.open(`/requests/${number}`);
  await expect(page.getByText("李*曦")).toBeVisible();
  await expect(page.getByText("李若曦")).toHaveCount(0);
});
