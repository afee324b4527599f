import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, has, test } from "../portal";

test("a shorter period is proposed, published by two officers, told and readable against the old one", async ({ visitor, portal, page }) => {
  const file = join(portal.dir, "map", "20-account.toml");
  const before = readFileSync(file, "utf8");
  const rule = 'keep = "12 months", then = "delete" }\n[table."company.marketing_preferences".role';
  expect(before).toContain(rule);
  writeFileSync(file, before.replace(rule, rule.replace("12 months", "6 months")));
  // As a restart of the service would.
  portal.command("map", "propose");

  for (const login of ["officer", "officer2"]) {
    await visitor.signInAsStaff(login);
    await visitor.open("/officer/policy");
    await visitor.follow("查看变化并决定", "Read the changes and decide");
    await expect(page.getByText(has("由12 个月改为6 个月", "kept for 6 months instead of 12 months")).first()).toBeVisible();
    await expect(page.locator("ins").first()).toBeVisible();
    await page.getByRole("button", { name: has("批准", "Approve") }).first().click();
    await visitor.signOut();
  }

  const li = portal.person("customer");
  const letter = await portal.letter(li.email!, /隐私政策/);
  const changes = letter.body.match(/\/policy\/v\/\S+\/changes/)![0];
  await visitor.open(changes);
  await expect(page.getByText(has("由12 个月改为6 个月", "kept for 6 months instead of 12 months")).first()).toBeVisible();
  await visitor.open("/policy/versions");
  await expect(page.locator(".version")).toHaveCount(2);
  await visitor.follow("查看全文", "Read it");
  await expect(page.locator("article.policy")).toBeVisible();

  await visitor.signInByEmail(li.email!);
  await visitor.follow("两张清单：收集了什么、给了谁", "The two lists: what is held, who gets it");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(has("与我有关的两张清单", "My two lists"));
});
