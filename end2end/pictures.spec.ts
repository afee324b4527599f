// The README's pictures, and every page for people to look at, from the running product.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { has, Visitor, start, test } from "./portal";

const folder = resolve(import.meta.dirname, "../docs/pictures");
const all = process.env.QINGDAN_ALL_PICTURES;

test("pictures", async ({ browser }) => {
  test.setTimeout(240_000);
  mkdirSync(folder, { recursive: true });
  const portal = await start(300);
  portal.command("retain");
  // A new version waits for approval.
  const account = join(portal.dir, "map", "20-account.toml");
  const period = 'keep = "12 months", then = "delete" }\n[table."company.marketing_preferences".role';
  writeFileSync(account, readFileSync(account, "utf8").replace(period, period.replace("12 months", "6 months")));
  portal.command("map", "propose");
  for (const [size, viewport] of [["phone", { width: 360, height: 740 }], ["desktop", { width: 1280, height: 860 }]] as const) {
    for (const lang of ["zh", "en"] as const) {
      const people = portal.people.filter((person) => person.who === "spare");
      const li = people[(size === "phone" ? 0 : 2) + (lang === "zh" ? 0 : 1)];
      const context = await browser.newContext({ viewport, locale: lang === "zh" ? "zh-CN" : "en-GB", deviceScaleFactor: size === "phone" ? 2 : 1 });
      const page = await context.newPage();
      const visitor = new Visitor(page, portal);
      const kept = ["mine-phone-zh", "delete-phone-zh", "case-desktop-zh", "nights-desktop-en", "version-desktop-zh"];
      const shoot = async (name: string, fullPage = false) => {
        const file = `${name}-${size}-${lang}`;
        if (kept.includes(file)) await page.screenshot({ path: join(folder, `${file}.png`) });
        if (all) await page.screenshot({ path: join(all, `${file}.png`), fullPage });
      };
      await visitor.open("/");
      await shoot("home", true);
      await visitor.open("/policy");
      await shoot("policy", true);
      await visitor.signInByEmail(li.email!);
      await shoot("mine", true);
      await visitor.open("/mine/delete");
      await shoot("delete", true);
      await visitor.press("提交删除申请", "Ask for deletion");
      await shoot("request", true);
      const number = (await page.locator(".big-number").innerText()).trim();
      await visitor.signOut();
      await visitor.signInAsStaff(["officer", "officer2"][Number(lang === "en")]);
      await shoot("queue", true);
      await visitor.open("/officer/policy");
      await page.locator(".version a").first().click();
      await shoot("version", true);
      await visitor.open("/officer");
      await page.getByRole("link", { name: number }).click();
      await shoot("case", true);
      if (size === "desktop") {
        await visitor.approve();
        await visitor.until("已办结", "Completed");
        await shoot("case-done", true);
        await visitor.signOut();
        await visitor.signInByEmail(li.email!);
        await visitor.open(`/requests/${number}`);
        await shoot("answer", true);
        await visitor.signOut();
        await visitor.open("/officer/sign-in");
      }
      await context.close();
      // A second factor works once in thirty seconds.
      if (!(size === "desktop" && lang === "en")) await new Promise((done) => setTimeout(done, 31_000));
      else {
        const last = await browser.newContext({ viewport, locale: "en-GB" });
        const auditor = new Visitor(await last.newPage(), portal);
        await auditor.signInAsStaff("auditor");
        await auditor.open("/officer/nights");
        await auditor.page.screenshot({ path: join(folder, "nights-desktop-en.png") });
        if (all) {
          await auditor.page.screenshot({ path: join(all, "nights-desktop-en.png"), fullPage: true });
          await auditor.open("/officer/audit");
          await auditor.page.screenshot({ path: join(all, "audit-desktop-en.png") });
        }
        await last.close();
      }
    }
  }
  portal.stop();
});
