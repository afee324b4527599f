import { expect, has, test } from "../portal";

test("a customer has one saved address deleted, and everything else stays", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  const id = portal.company(`SELECT id FROM customers WHERE email = '${li.email}'`)[0].id;
  const columns = "customer_id, label, contact_name, contact_mobile, address, removed_at";
  portal.company(`INSERT INTO addresses (id, ${columns}) VALUES (910001, ${id}, '公司', '李', '15499990042', '上海市海港路1号', NULL)`);
  const others = () => portal.company(`SELECT * FROM addresses WHERE id <> 910001 ORDER BY id`);
  const account = () => portal.company(`SELECT * FROM customers WHERE id = ${id}`);
  const before = { others: others(), account: account() };
  expect(before.others.length).toBeGreaterThan(0);

  await visitor.signInByEmail(li.email!);
  const card = page.locator("article", { hasText: "154****0042" });
  await card.getByRole("link", { name: has("删除这条记录", "Delete this record") }).click();
  await expect(page.getByRole("heading", { name: has("只删除这一条记录：地址簿", "Only this record goes: Address book") })).toBeVisible();
  await expect(page.getByText("154****0042")).toBeVisible();
  expect(page.url()).not.toContain("910001");
  await visitor.press("提交删除申请", "Ask for deletion");
  await visitor.heading("已受理", "Request received");
  const requestNumber = (await page.locator(".big-number").innerText()).trim();
  await visitor.signOut();

  await visitor.signInAsStaff();
  await page.getByRole("link", { name: requestNumber }).click();
  await expect(page.getByRole("heading", { name: has("本人只要求删除一条记录：地址簿", "The person asks for one record to go: Address book") })).toBeVisible();
  await visitor.approve();
  await visitor.until("已办结", "Completed");
  await visitor.signOut();

  expect(portal.company("SELECT * FROM addresses WHERE id = 910001")).toEqual([]);
  expect(others()).toEqual(before.others);
  expect(account()).toEqual(before.account);
});
