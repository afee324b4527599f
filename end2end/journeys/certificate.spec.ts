import { readFileSync, writeFileSync } from "node:fs";
import { expect, has, test } from "../portal";

test("anyone checks the certificate of an erasure, and a forged one is found out", async ({ visitor, portal, page, javaScriptEnabled }, info) => {
  const li = portal.person("customer");
  await visitor.signInByEmail(li.email!);
  await visitor.open("/mine/delete");
  await visitor.press("提交删除申请", "Ask for deletion");
  const number = (await page.locator(".big-number").innerText()).trim();
  await visitor.signOut();
  await visitor.signInAsStaff();
  await page.getByRole("link", { name: number }).click();
  await visitor.approve();
  await visitor.until("已办结", "Completed");
  await visitor.signOut();

  await visitor.open("/verify");
  await page.locator("#number").fill(number.toLowerCase());
  await visitor.press("查看证明", "Show the certificate");
  await expect(page.getByText(has("核验通过", "This certificate is genuine")).first()).toBeVisible();
  await expect(page.locator("main")).not.toContainText(li.email!);
  const json = await page.request.get(new URL(`/verify/${number}.json`, page.url()).href).then((answer) => answer.text());
  const forged = json.replace('\\"verified\\":true', '\\"verified\\":false');
  expect(forged).not.toBe(json);

  await visitor.open("/verify");
  for (const [name, text, zh, en] of [
    ["certificate.json", json, "核验通过", "This certificate is genuine"],
    ["forged.json", forged, "内容在签名之后被改动过", "changed after it was signed"],
  ]) {
    if (javaScriptEnabled) {
      // In the browser, once its script is there: nothing is sent.
      await expect(page.locator("#file")).toBeVisible();
      const file = info.outputPath(name);
      writeFileSync(file, text);
      let sent = 0;
      page.on("request", (request) => (sent += request.method() === "GET" && !request.url().includes("/verify") ? 0 : 1));
      await page.locator("#file").setInputFiles(file);
      await expect(page.locator("#file-said")).toContainText(has(zh, en));
      expect(sent).toBe(0);
      expect(readFileSync(file, "utf8")).toBe(text);
    } else {
      await expect(page.locator("#file")).toBeHidden();
      await page.locator("#document").fill(text);
      await visitor.press("核验", "Check");
      await expect(page.getByText(has(zh, en)).first()).toBeVisible();
    }
  }
});
