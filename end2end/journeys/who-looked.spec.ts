import { expect, has, test } from "../portal";

test("an officer sees one value for a reason, and the person reads who looked at what", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  await visitor.signInByEmail(li.email!);
  await visitor.follow("谁看过我的信息", "Who looked at my data");
  await expect(page.getByText(has("还没有人看过", "Nobody has looked yet"))).toBeVisible();
  await visitor.open("/mine");
  await visitor.follow("删除我的信息", "Delete my information");
  await visitor.press("提交删除申请", "Ask for deletion");
  const number = (await page.locator(".big-number").innerText()).trim();
  await visitor.signOut();

  await visitor.signInAsStaff();
  await visitor.open("/officer/find");
  await page.locator("#wanted").fill(li.mobile);
  await visitor.press("查找", "Find");
  await expect(page.getByRole("link", { name: number })).toBeVisible();
  await visitor.open(`/officer/requests/${number}/leave-out`);
  await expect(page.getByText(li.email!)).toHaveCount(0);
  await page.getByRole("button", { name: has("显示完整的电子邮箱", "Show in full: E-mail address") }).first().click();
  await visitor.press("记录并显示", "Enter it and show the value");
  await expect(page.getByRole("alert")).toContainText(has("请选择原因", "Choose a reason"));
  await page.locator("[name=reason][value=another]").check();
  await page.locator("#words").fill("法院来函核对。");
  await visitor.press("记录并显示", "Enter it and show the value");
  await expect(page.getByText(li.email!)).toHaveCount(1);
  await expect(page.getByText(li.mobile)).toHaveCount(0);
  expect(page.url()).not.toContain("email");
  await visitor.signOut();

  await visitor.signInByEmail(li.email!);
  await visitor.open("/mine/looks");
  await expect(page.getByText("法院来函核对。")).toBeVisible();
  await expect(page.getByText(has("查找过您", "looked for you"))).toBeVisible();
  await expect(page.getByText(has("查看了完整的电子邮箱", "saw in full: E-mail address"))).toBeVisible();
});
