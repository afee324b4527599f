import { expect, has, test } from "../portal";

test("an officer asks, then refuses with statute and plain words", async ({ visitor, portal, page }) => {
  const li = portal.person("spare");
  await visitor.signInByEmail(li.email!);
  await visitor.follow("删除我的信息", "Delete my information");
  await visitor.press("提交删除申请", "Ask for deletion");
  const number = (await page.locator(".big-number").innerText()).trim();
  await visitor.signOut();

  await visitor.signInAsStaff();
  await page.getByRole("link", { name: number }).click();
  await page.locator("summary", { hasText: has("先问申请人一个问题", "Ask the person a question first") }).click();
  await page.locator("#question").fill("您是否还有未签收的快件？");
  await visitor.press("发送问题", "Send the question");
  await visitor.signOut();

  await portal.letter(li.email!, /需要您回答一个问题|question about your request/);
  await visitor.signInByEmail(li.email!);
  await page.goto(`${portal.url}/requests/${number}`);
  await expect(page.getByText("您是否还有未签收的快件？").first()).toBeVisible();
  await visitor.press("发送回答", "Send the answer");
  await expect(page.getByRole("alert")).toBeVisible();
  await page.locator("#answer").fill("有一件在路上。");
  await visitor.press("发送回答", "Send the answer");
  await visitor.signOut();

  await visitor.signInAsStaff("officer2");
  await page.getByRole("link", { name: number }).click();
  await expect(page.getByText("有一件在路上。")).toBeVisible();
  await page.locator("summary", { hasText: has("不予同意", "Refuse") }).click();
  await visitor.press("核对后不予同意", "Check and refuse");
  // A refusal without reason and words cannot be made.
  await expect(page.getByRole("alert").getByRole("listitem")).toHaveCount(2);
  await page.getByLabel(has("该信息为履行与您的合同所必需", "necessary to perform a contract")).check();
  await page.locator("#words").fill("快件签收后您可以再次申请");
  await visitor.press("核对后不予同意", "Check and refuse");
  await visitor.heading("不予同意前请核对", "Check before you refuse");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByText("快件签收后您可以再次申请")).toBeVisible();
  expect(page.url()).not.toMatch(/words|%/);
  // Nothing that was typed is lost on the way back.
  await visitor.press("返回修改", "Go back and change");
  await expect(page.getByLabel(has("该信息为履行与您的合同所必需", "necessary to perform a contract"))).toBeChecked();
  await expect(page.locator("#words")).toHaveValue("快件签收后您可以再次申请");
  await page.locator("#words").fill("快件签收后您可以再次申请。");
  await visitor.press("核对后不予同意", "Check and refuse");
  await visitor.press("确认不予同意", "Refuse the request");
  await visitor.signOut();

  await visitor.signInByEmail(li.email!);
  await page.goto(`${portal.url}/requests/${number}`);
  await expect(page.getByText(has("《个人信息保护法》第十三条、第十六条", "PIPL art. 13 and 16")).first()).toBeVisible();
  await expect(page.getByText("快件签收后您可以再次申请。").first()).toBeVisible();
  await visitor.heading("您还可以", "What you can do");
  expect(portal.company(`SELECT email FROM customers WHERE email = '${li.email}'`)).toHaveLength(1);
});
