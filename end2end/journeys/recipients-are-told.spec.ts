import { expect, has, test } from "../portal";

test("who had carried a parcel is told that its data is gone, and confirms", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  await visitor.signInByEmail(li.email!);
  await visitor.follow("删除我的信息", "Delete my information");
  await visitor.press("提交删除申请", "Ask for deletion");
  const number = (await page.locator(".big-number").innerText()).trim();
  await visitor.signOut();
  await visitor.signInAsStaff();
  await page.getByRole("link", { name: number }).click();
  await visitor.approve();
  await visitor.until("已办结", "Completed");
  // Nobody to write to abroad: the officer tells them, and says so.
  await page.getByRole("button", { name: has("通知Example Parcel", "Tell Example Parcel") }).click();
  await visitor.heading("通知Example Parcel", "Tell Example Parcel");
  await page.getByRole("button", { name: has("我已通知Example Parcel", "I have told Example Parcel") }).click();
  await expect(page.getByText(has("已由工作人员通知", "told by our staff on")).first()).toBeVisible();
  await visitor.signOut();

  const letter = await portal.letter("privacy@linehaul.example.com", new RegExp(number));
  expect(letter.body).not.toContain(li.mobile);
  await visitor.open(letter.body.match(/\/recipients\/[0-9a-f]+/)![0]);
  await visitor.heading("请一并处理", "Please do likewise");
  // Numbers of waybills are not masked: there is nothing more to show.
  await expect(page.getByText(/YF\d{11}/).first()).toBeVisible();
  await expect(page.getByRole("button", { name: has("显示完整内容", "Show it in full") })).toHaveCount(0);
  await expect(page.getByText(li.mobile)).toHaveCount(0);
  await visitor.press("已处理完毕", "It is done");
  await visitor.heading("已确认", "Confirmed");

  await visitor.signInByEmail(li.email!);
  await visitor.open(`/requests/${number}`);
  await visitor.heading("接收方", "Recipients");
  await page.locator("summary", { hasText: has("谁看过我的这项申请", "Who looked at this request") }).click();
  await visitor.follow("谁看过我的信息", "Who looked at my data");
  await expect(page.getByText(has("接收方示例干线运输有限公司查看了完整的运单号", "Example Linehaul Co., Ltd., which had got it from us, saw in full"))).toBeVisible();
  await visitor.open(`/requests/${number}`);
  await expect(page.getByText(has("已答复", "answered on")).first()).toBeVisible();
});
