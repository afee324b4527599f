import { expect, has, test } from "../portal";

test.use({ officers: "two" });

test("a customer deletes, two officers approve, the database shows it", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  const number = li.mobile;
  const id = portal.company(`SELECT id FROM customers WHERE email = '${li.email}'`)[0].id;
  const before = {
    sent: portal.company(`SELECT id, receiver_name, receiver_mobile, receiver_address FROM waybills WHERE sender_id = ${id} ORDER BY id`),
    others: portal.company(`SELECT * FROM customers WHERE id <> ${id} ORDER BY id`),
    old: portal.company(`SELECT id FROM waybills WHERE sender_id = ${id} AND delivered_at < date('now', '+8 hours', '-2 years')`),
    young: portal.company(`SELECT id FROM waybills WHERE sender_id = ${id} AND delivered_at >= date('now', '+8 hours', '-2 years')`),
    onTheWay: portal.company(`SELECT id FROM waybills WHERE sender_id = ${id} AND delivered_at IS NULL`),
  };
  expect(before.old.length).toBeGreaterThan(0);
  expect(before.young.length).toBeGreaterThan(0);
  expect(before.onTheWay.length).toBeGreaterThan(0);

  await visitor.signInByEmail(li.email!);
  await expect(page.getByText(has("匿名化", "Anonymised")).first()).toBeVisible();
  await visitor.follow("删除我的信息", "Delete my information");
  await visitor.heading("将要删除或匿名化", "What will go");
  await visitor.heading("依法暂时保留", "What must stay for now");
  await expect(page.getByText(has("《电子商务法》第三十一条", "E-Commerce Law art. 31")).first()).toBeAttached();
  await visitor.press("提交删除申请", "Ask for deletion");
  await visitor.heading("已受理", "Request received");
  const url = page.url().replace("?filed", "");
  const requestNumber = (await page.locator(".big-number").innerText()).trim();
  expect(requestNumber).toMatch(/^QD-\d{8}-[2-9A-Z]{5}$/);
  await portal.letter(li.email!, new RegExp(requestNumber));
  await visitor.signOut();

  await visitor.signInAsStaff();
  await page.getByRole("link", { name: requestNumber }).click();
  await expect(page.getByText("c***@example.com")).toBeVisible();
  await visitor.approve("同意，再由另一人复核", "Approve, for a second officer to decide");
  await expect(page.getByText(has("您已经同意", "You have approved")).first()).toBeVisible();
  expect(portal.company(`SELECT id FROM customers WHERE id = ${id} AND email IS NOT NULL`).length, "nothing has gone").toBe(1);
  await visitor.signOut();

  await visitor.signInAsStaff("officer2");
  await page.getByRole("link", { name: requestNumber }).click();
  await visitor.approve();
  await visitor.until("已办结", "Completed");
  await visitor.signOut();

  const answer = await portal.letter(li.email!, /重新查询核实|checked afterwards/);
  expect(answer.body).toContain(requestNumber);
  expect(answer.body).not.toContain(li.name);

  await visitor.signInByEmail(li.email!);
  // What had to stay is not denied: the way to it is told.
  await visitor.heading("条记录依法暂时保留", "must stay for now");
  await page.getByRole("link", { name: requestNumber }).click();
  expect(page.url()).toBe(url);
  await visitor.heading("处理结果", "Result");
  await expect(page.getByRole("img", { name: has("办结印章", "Seal: completed") })).toBeVisible();

  // The company's own database: gone, anonymised or locked away, the other side untouched, what is on its way kept.
  for (const table of ["addresses", "marketing_preferences", "real_name_records", "support_tickets"]) {
    expect(portal.company(`SELECT * FROM ${table} WHERE customer_id = ${id}`), table).toEqual([]);
  }
  expect(portal.company(`SELECT name, email, mobile FROM customers WHERE id = ${id}`)).toEqual([{ name: "", email: null, mobile: null }]);
  const ids = (rows: Record<string, unknown>[]) => rows.map((row) => row.id).join(",");
  for (const row of portal.company(`SELECT * FROM waybills WHERE id IN (${ids(before.old)})`)) {
    expect(row).toMatchObject({ sender_id: null, sender_name: null, sender_mobile: null });
    expect(portal.cityAtMost(row.sender_address)).toBe(true);
  }
  for (const row of portal.company(`SELECT * FROM waybills WHERE id IN (${ids(before.young)})`)) {
    expect(row, "a law keeps it, nobody uses it").toMatchObject({ sender_id: null, sender_name: null, sender_mobile: null });
  }
  expect(portal.company("SELECT source_table FROM qingdan_locked").length).toBe(before.young.length);
  const kept = portal.company(`SELECT * FROM waybills WHERE id IN (${ids(before.onTheWay)})`);
  expect(kept.length).toBe(before.onTheWay.length);
  for (const row of kept) expect(row.sender_mobile).toBe(number);
  const after = portal.company(`SELECT id, receiver_name, receiver_mobile, receiver_address FROM waybills WHERE id IN (${ids(before.sent)}) ORDER BY id`);
  expect(after).toEqual(before.sent);
  expect(portal.company(`SELECT * FROM customers WHERE id <> ${id} ORDER BY id`)).toEqual(before.others);
  expect(portal.command("audit", "verify")).toContain("intact");
});

test("a customer takes a request back, and nothing has changed", async ({ visitor, portal, page }) => {
  const spare = portal.person("spare");
  const before = portal.company("SELECT * FROM customers ORDER BY id");
  await visitor.signInByEmail(spare.email!);
  await visitor.follow("删除我的信息", "Delete my information");
  await visitor.press("提交删除申请", "Ask for deletion");
  await page.locator("summary", { hasText: has("想撤回这项申请？", "Want to take this back?") }).click();
  await visitor.press("撤回申请", "Take back the request");
  await expect(page.getByText(has("申请已撤回", "Request taken back")).first()).toBeVisible();
  await portal.letter(spare.email!, /什么都没有改变|Nothing was changed/);
  expect(portal.company("SELECT * FROM customers ORDER BY id")).toEqual(before);
});
