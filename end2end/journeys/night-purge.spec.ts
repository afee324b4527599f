import { expect, has, test } from "../portal";

test("the night purges what is due, keeps what is held, and reports", async ({ visitor, portal, page }) => {
  const held = portal.person("held");
  const closed = portal.person("closed");
  const heldRows = () => portal.company(`SELECT * FROM waybills WHERE sender_mobile = '${held.mobile}' ORDER BY id`);
  const before = heldRows();
  const expired = "date('now', '+8 hours', '-3 years')";
  expect(portal.company(`SELECT id FROM waybills WHERE sender_mobile = '${held.mobile}' AND delivered_at <= ${expired}`).length).toBeGreaterThan(0);

  const dry = JSON.parse(portal.command("retain", "--dry-run", "--format", "json"));
  expect(dry.dry_run).toBe(true);
  const planned = dry.rules.filter((rule: { outcome: string }) => rule.outcome !== "kept");
  const selected = planned.reduce((sum: number, rule: { selected: number }) => sum + rule.selected, 0);
  expect(selected).toBeGreaterThan(0);
  const night = JSON.parse(portal.command("retain", "--format", "json"));
  expect(night.verified).toBe(true);
  expect(night.changed).toBe(selected);
  expect(night.held).toBeGreaterThan(0);
  const again = JSON.parse(portal.command("retain", "--format", "json"));
  expect(again.changed).toBe(0);

  expect(heldRows()).toEqual(before);
  expect(portal.company(`SELECT * FROM waybills WHERE delivered_at <= ${expired} AND sender_mobile <> '${held.mobile}' AND receiver_mobile <> '${held.mobile}' AND (sender_name IS NOT NULL OR receiver_name IS NOT NULL)`)).toEqual([]);
  expect(portal.company(`SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.completed_at <= ${expired} AND c.mobile <> '${held.mobile}'`)).toEqual([]);
  // Below the floor of two years nothing of a waybill has gone.
  const young = "date('now', '+8 hours', '-2 years')";
  expect(portal.company(`SELECT id FROM waybills WHERE delivered_at > ${young} AND receiver_name IS NULL`)).toEqual([]);
  expect(portal.company(`SELECT * FROM customers WHERE email = '${closed.email}'`)).toEqual([]);

  await visitor.signInAsStaff();
  await visitor.follow("夜间清理", "Nightly purge");
  await expect(page.getByText(has("已核实", "verified")).first()).toBeVisible();
  await expect(page.getByRole("img", { name: has("每晚处理的行数", "Rows changed per night") })).toBeVisible();
  expect(portal.command("audit", "verify")).toContain("intact");
});
