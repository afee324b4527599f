import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, has, test } from "../portal";

test("a customer takes a copy home", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  await visitor.open("/rights");
  await visitor.heading("您的权利", "Your rights");
  await page.getByRole("link", { name: has("复制我的信息", "Get a copy") }).click();
  await page.locator("#email").fill(li.email!);
  await visitor.press("发送验证码", "Send the code");
  await visitor.enterCode(li.email!);
  await visitor.heading("复制我的信息", "Get a copy");
  const download = page.waitForEvent("download");
  await visitor.press("下载副本", "Download the copy");
  const file = join(mkdtempSync(join(tmpdir(), "copy-")), "copy.zip");
  await (await download).saveAs(file);
  const read = (name: string) => execFileSync("python3", ["-c", "import sys,zipfile;sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))", file, name]).toString();
  expect(read("data/company-customers-holder.json")).toContain(li.email!);
  expect(read("data/company-customers-holder.csv")).toContain(li.mobile);
  const index = read("index.html");
  expect(index).toMatch(has("业务数据库", "business database"));
  // The archive's own pages open anywhere.
  await page.setContent(index);
  await expect(page.getByRole("heading", { name: has("账号", "Account") }).first()).toBeVisible();
  await portal.letter(li.email!, /副本|A copy of your data/);
});

test("a customer has a copy prepared, and downloads it once", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  await visitor.signInByEmail(li.email!);
  await visitor.open("/mine/copy");
  await visitor.press("准备副本", "Prepare my copy");
  await visitor.until("副本已准备好", "Your copy is ready");
  const address = page.url();
  const letter = await portal.letter(li.email!, /准备好|is ready/);
  expect(letter.body).toContain(new URL(address).pathname);
  expect(letter.body).not.toContain(li.email!);
  await visitor.open("/mine");
  await visitor.heading("副本已准备好", "Your copy is ready");
  await visitor.follow("查看副本", "See the copy");
  const download = page.waitForEvent("download");
  await visitor.press("下载副本", "Download the copy");
  const file = join(mkdtempSync(join(tmpdir(), "copy-")), "copy.zip");
  await (await download).saveAs(file);
  execFileSync("python3", ["-c", "import sys,zipfile;assert zipfile.ZipFile(sys.argv[1]).testzip() is None", file]);
  await page.goto(address);
  await visitor.heading("副本已下载，这里不再保存", "The copy was downloaded and is not kept here any more");
  await expect(page.getByRole("button", { name: has("下载副本", "Download the copy") })).toHaveCount(0);
  await visitor.follow("再要一份", "Ask for another");
  await visitor.press("准备副本", "Prepare my copy");
  await visitor.until("副本已准备好", "Your copy is ready");
  await visitor.press("现在就删除副本", "Delete the copy now");
  await visitor.heading("我的信息", "My information");
  await expect(page.getByText(has("查看副本", "See the copy"))).toHaveCount(0);
});

test("a customer withdraws a consent, and it is done at once", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  const id = portal.company(`SELECT id FROM customers WHERE email = '${li.email}'`)[0].id;
  const mine = `SELECT * FROM marketing_preferences WHERE customer_id = ${id}`;
  const rest = "SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM waybills) + (SELECT count(*) FROM customers) AS n";
  const before = portal.company(rest);
  expect(portal.company(mine).length).toBeGreaterThan(0);
  await visitor.signInByEmail(li.email!);
  await visitor.follow("我的同意", "My consents");
  await page.getByRole("button", { name: has("撤回同意", "Withdraw my consent") }).click();
  await visitor.heading("撤回同意", "Withdrawal of consent");
  await visitor.until("已办结", "Completed");
  expect(portal.company(mine)).toEqual([]);
  expect(portal.company(rest)).toEqual(before);
  await visitor.open("/mine/consent");
  await expect(page.getByText(has("撤回同意", "You withdrew your consent"))).toBeVisible();
  await expect(page.getByRole("button", { name: has("撤回同意", "Withdraw") })).toHaveCount(0);
});

test("a customer has a use stopped at once, and lets it go on again", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  const stopped = () => portal.company(`SELECT offers_stopped AS n FROM customers WHERE email = '${li.email}'`)[0].n;
  await visitor.signInByEmail(li.email!);
  await visitor.open("/rights/restrict");
  await visitor.press("确认停用", "Stop it");
  await expect(page.getByRole("alert")).toContainText(has("请选择一项", "Choose one"));
  await page.locator("input[value=marketing]").check();
  await visitor.press("确认停用", "Stop it");
  await visitor.until("已办结", "Completed");
  expect(stopped()).toBe(1);
  await visitor.follow("恢复处理", "Start using it again");
  await page.locator("input[value=marketing]").check();
  await visitor.press("恢复处理", "Start using it again");
  await visitor.until("已办结", "Completed");
  expect(stopped()).toBe(0);
});

test("a customer closes an account, and thinks better of it", async ({ visitor, portal, page }) => {
  const spare = portal.person("spare");
  const id = portal.company(`SELECT id FROM customers WHERE email = '${spare.email}'`)[0].id;
  portal.company(`UPDATE waybills SET delivered_at = NULL WHERE id = (SELECT min(id) FROM waybills WHERE sender_id = ${id})`);
  const blocked = portal.company(`SELECT id FROM waybills WHERE sender_id = ${id} AND delivered_at IS NULL`).length > 0;
  await visitor.signInByEmail(spare.email!);
  await visitor.follow("注销账号", "Close my account");
  if (blocked) await visitor.heading("还有事情没办完", "Something has to be settled first");
  portal.company(`UPDATE waybills SET delivered_at = accepted_at WHERE sender_id = ${id}`);
  portal.company(`UPDATE orders SET completed_at = placed_at WHERE customer_id = ${id}`);
  await visitor.open("/mine/cancel-account");
  await visitor.heading("以前可以反悔", "You can change your mind until");
  const before = portal.company("SELECT * FROM customers ORDER BY id");
  await visitor.press("注销我的账号", "Close my account");
  await visitor.heading("已受理", "Request received");
  await visitor.press("不注销了，保留账号", "Keep my account");
  await expect(page.getByText(has("申请已撤回", "Request taken back")).first()).toBeVisible();
  expect(portal.company("SELECT * FROM customers ORDER BY id")).toEqual(before);
});

test("a customer asks why a program decided so, and a person answers", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  await visitor.signInByEmail(li.email!);
  await visitor.follow("您的权利", "Your rights");
  await page.getByRole("link", { name: has("说明自动化决策", "Explanation of an automated decision") }).click();
  await visitor.press("提交申请", "Send the request");
  await expect(page.getByRole("alert")).toContainText(has("请选择一项", "Choose one"));
  await page.getByLabel(has("优惠信息推荐", "Recommended offers")).check();
  await page.locator("#words").fill("为什么总是推荐茶叶？");
  await visitor.press("提交申请", "Send the request");
  await visitor.heading("已受理", "Request received");
  const number = (await page.locator(".big-number").innerText()).trim();
  await visitor.signOut();

  await visitor.signInAsStaff();
  await page.getByRole("link", { name: number }).click();
  await expect(page.getByText("为什么总是推荐茶叶？")).toBeVisible();
  await page.locator("summary", { hasText: has("数据清单里的说明", "What the data map says") }).click();
  await expect(page.getByText(has("用户标签", "profile tag")).first()).toBeVisible();
  await page.locator("#done").fill("因为您设置了“茶叶”标签，可以随时关闭。");
  await visitor.press("答复并办结", "Answer and close");
  await visitor.signOut();

  const letter = await portal.letter(li.email!, new RegExp(`${number}[\\s\\S]*(答复|answered)`));
  expect(letter.body).not.toContain("茶叶");
  await visitor.signInByEmail(li.email!);
  await visitor.open(`/requests/${number}`);
  await expect(page.getByText("因为您设置了“茶叶”标签，可以随时关闭。").first()).toBeVisible();
});

// What is asked in one's own words: one page, one question, an answer that is read after signing in.
for (const right of ["complete", "explain-rules", "refuse-decision", "complaint"]) {
  test(`a customer asks (${right}), and an officer answers`, async ({ visitor, portal, page }) => {
    const li = portal.person("customer");
    await visitor.open("/rights");
    await page.locator(`a[href="/rights/${right}"]`).click();
    await page.locator("#email").fill(li.email!);
    await visitor.press("发送验证码", "Send the code");
    await visitor.enterCode(li.email!);
    await expect(page).toHaveURL(new RegExp(`/rights/${right}$`));
    await visitor.press("提交申请", "Send the request");
    await expect(page.getByRole("alert").first()).toBeVisible();
    for (const choice of await page.locator("input[name=about]").all()) await choice.check();
    await page.locator("#words").fill("第二行地址缺了门牌。The second line is missing.");
    await visitor.press("提交申请", "Send the request");
    await visitor.heading("已受理", "Request received");
    const number = (await page.locator(".big-number").innerText()).trim();
    await visitor.signOut();

    await visitor.signInAsStaff();
    await visitor.open(`/officer/requests/${number}`);
    await expect(page.getByText("第二行地址缺了门牌。The second line is missing.")).toBeVisible();
    await page.locator("#done").fill("已核查，并已处理。We looked into it, and it is done.");
    await visitor.press("答复并办结", "Answer and close");
    await visitor.signOut();

    await visitor.signInByEmail(li.email!);
    await visitor.open(`/requests/${number}`);
    await expect(page.getByText("已核查，并已处理。We looked into it, and it is done.").first()).toBeVisible();
  });
}

test("a customer objects to a use, and it stops at once", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  const stopped = () => portal.company(`SELECT offers_stopped AS n FROM customers WHERE email = '${li.email}'`)[0].n;
  await visitor.signInByEmail(li.email!);
  await visitor.open("/rights/object");
  await page.locator("input[value=marketing]").check();
  await visitor.press("确认停用", "Stop it");
  await visitor.until("已办结", "Completed");
  expect(stopped()).toBe(1);
});

test("a customer transfers everything to another company by an address that works once", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  await visitor.signInByEmail(li.email!);
  await visitor.open("/rights/transfer");
  await page.locator("#company").fill("乙公司 Company B");
  await page.locator("#reach").fill("b@example.com");
  await page.locator("#words").fill("全部信息。Everything, please.");
  await visitor.press("提交申请", "Send the request");
  const number = (await page.locator(".big-number").innerText()).trim();
  await visitor.signOut();
  await visitor.signInAsStaff();
  await visitor.open(`/officer/requests/${number}`);
  await page.locator("summary", { hasText: has("常用句子", "Ready sentences") }).first().click();
  await visitor.press("已按要求办理", "Done as asked");
  await expect(page.locator("#done")).toHaveValue(/已按您的要求|We have done as you asked/);
  await page.getByRole("button", { name: has("答复并办结", "Answer and close") }).first().click();
  await visitor.signOut();
  await visitor.signInByEmail(li.email!);
  await visitor.open(`/requests/${number}`);
  await visitor.press("生成一次性地址", "Make a one-time address");
  const url = (await page.locator("#address").inputValue()).trim();
  await visitor.open("/");
  await visitor.signOut();
  await page.goto(url);
  await visitor.until("接收转移的个人信息", "Receive transferred information");
  const download = page.waitForEvent("download");
  await visitor.press("下载", "Download");
  await (await download).saveAs(join(mkdtempSync(join(tmpdir(), "transfer-")), "transfer.zip"));
  await expect(async () => {
    await page.goto(url);
    await expect(page.getByText(has("已经用过或者过期", "used before or is too old")).first()).toBeVisible({ timeout: 500 });
  }).toPass();
});
