import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, has, test, type Visitor } from "../portal";

const pdf = join(mkdtempSync(join(tmpdir(), "evidence-")), "户口簿.pdf");
writeFileSync(pdf, "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n");

async function asks(visitor: Visitor, as: string, kind: string, subject: string) {
  const page = visitor.page;
  await visitor.open("/rights");
  await page.getByRole("link", { name: has("替孩子、委托人", "Ask for a child") }).click();
  await page.locator("#email").fill("asker@example.com");
  await visitor.press("发送验证码", "Send the code");
  await visitor.enterCode("asker@example.com");
  await visitor.heading("替他人提出申请", "Ask for somebody else");
  await page.locator(`input[name=kind][value=${kind}]`).check();
  await visitor.press("继续", "Continue");
  await page.locator(`input[value=${as}]`).check();
  await page.locator("#email").fill(subject);
  // Nobody needs a reason to have an account closed.
  if (kind !== "cancel-account") {
    await visitor.press("继续", "Continue");
    await expect(page.getByRole("alert")).toContainText(has("请写明您的要求", "Write what you want"));
  }
  await page.locator("#words").fill("请办理。Please do.");
  await visitor.press("继续", "Continue");
  await visitor.heading("请核对", "Check before you send it");
  await expect(page.getByText("请办理。Please do.")).toBeVisible();
  await visitor.press("提交申请", "Send the request");
  await expect(page.getByRole("alert")).toContainText(has("请附上证明材料", "Attach the evidence"));
  await expect(page.getByText("请办理。Please do.")).toBeVisible();
  await page.locator("#evidence").setInputFiles(pdf);
  await visitor.press("提交申请", "Send the request");
  await expect(page.getByText(has("正在核对您提交的材料", "We are checking what you handed in"))).toBeVisible();
  return (await page.locator(".big-number").innerText()).trim();
}

/** Compares each point with what was handed in, and answers for it. */
async function vouches(visitor: Visitor) {
  const page = visitor.page;
  await visitor.press("与材料核对", "Compare with what was handed in");
  const whole = page.getByText("asker@example.com");
  await expect(whole).toHaveCount(0);
  const asker = page.locator(".facts > div").filter({ has: page.locator("dt", { hasText: has("申请人的联系方式", "Reached at") }) });
  await asker.getByRole("button", { name: has("显示完整的", "Show in full") }).first().click();
  await visitor.saysWhy("compare_evidence");
  await expect(whole.first()).toBeVisible();
  for (const point of ["person", "asker", "scope"]) await page.locator(`[name=point][value=${point}]`).check();
  await visitor.press("材料属实，确认身份", "It is in order: confirm");
}

/** One officer answers for who asks; another is at the case. */
async function isVouchedFor(visitor: Visitor, number: string) {
  await visitor.signOut();
  await visitor.signInAsStaff("officer");
  await visitor.open(`/officer/requests/${number}`);
  await vouches(visitor);
  await visitor.signOut();
  await visitor.signInAsStaff("officer2");
  await visitor.open(`/officer/requests/${number}`);
}

test("a guardian asks for a child's copy: one officer checks, another agrees", async ({ visitor, portal, page }) => {
  const child = portal.person("customer");
  const number = await asks(visitor, "guardian", "copy", child.email!);
  await visitor.signOut();
  await visitor.signInAsStaff("officer");
  await page.getByRole("link", { name: number }).click();
  const evidence = page.waitForEvent("download");
  await page.getByRole("link", { name: /户口簿\.pdf/ }).click();
  expect((await evidence).suggestedFilename()).toBe("户口簿.pdf");
  await vouches(visitor);
  await portal.letter(child.email!, has("替您提出", "filed a request"));
  await visitor.signOut();
  await visitor.signInAsStaff("officer2");
  await page.getByRole("link", { name: number }).click();
  await page.locator("#done").fill("已核对，请下载。");
  await page.getByRole("button", { name: has("答复", "Answer") }).click();
  await visitor.signOut();
  await visitor.open("/sign-in");
  await page.locator("#email").fill("asker@example.com");
  await visitor.press("发送验证码", "Send the code");
  await visitor.enterCode("asker@example.com");
  await visitor.open(`/requests/${number}`);
  await visitor.until("副本可以下载了", "The copy is ready");
  const download = page.waitForEvent("download");
  await visitor.press("下载副本", "Download the copy");
  const file = join(mkdtempSync(join(tmpdir(), "copy-")), "copy.zip");
  await (await download).saveAs(file);
  const script = "import sys,zipfile;sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read('data/company-customers-holder.json'))";
  expect(execFileSync("python3", ["-c", script, file]).toString()).toContain(child.email!);
  await visitor.until("副本已下载", "The copy was downloaded");
  await expect(page.getByRole("button", { name: has("下载副本", "Download the copy") })).toHaveCount(0);
});

test("what an officer asks the person, whoever asks for them does not read", async ({ visitor, portal, page }) => {
  const child = portal.person("customer");
  const number = await asks(visitor, "guardian", "copy", child.email!);
  const question = "只问您本人：您知道吗？";
  await visitor.signOut();
  await visitor.signInAsStaff("officer");
  await visitor.open(`/officer/requests/${number}`);
  await vouches(visitor);
  await page.locator("summary", { hasText: has("先提一个问题", "Ask a question first") }).click();
  await page.locator("#question").fill(question);
  await visitor.press("发送问题", "Send the question");
  await expect(page.getByRole("alert")).toContainText(has("请选择问谁", "Choose whom you ask"));
  await expect(page.locator("#question")).toHaveValue(question);
  await page.locator("input[name=whom][value=subject]").check();
  await visitor.press("发送问题", "Send the question");
  await expect(page.getByText(has("（致本人）", "(to the person)"))).toBeVisible();
  await portal.letter(child.email!, has("对方看不到您的回答", "they do not see your answer"));
  await visitor.signOut();
  await visitor.signInByEmail(child.email!);
  await visitor.open(`/requests/${number}`);
  await expect(page.getByText(question).first()).toBeVisible();
  await page.locator("#answer").fill("我知道，同意。");
  await visitor.press("发送回答", "Send the answer");
  await expect(page.getByText("我知道，同意。")).toBeVisible();
  await visitor.signOut();
  await visitor.signInByEmail("asker@example.com");
  await visitor.open(`/requests/${number}`);
  await expect(page.getByText(number).first()).toBeVisible();
  await expect(page.getByText(question)).toHaveCount(0);
  await expect(page.getByText("我知道，同意。")).toHaveCount(0);
  // Whoever decides has to have read it.
  await visitor.signOut();
  await visitor.signInAsStaff("officer2");
  await visitor.open(`/officer/requests/${number}`);
  await page.locator("#done").fill("副本已备好。");
  await visitor.press("答复并办结", "Answer and close");
  await expect(page.getByRole("alert")).toContainText(has("请先阅读上面的内容", "Read what stands above"));
  await expect(page.locator("#done")).toHaveValue("副本已备好。");
  await expect(page.getByText("我知道，同意。").first()).toBeVisible();
  await page.locator("[name=heeded]").check();
  await visitor.press("答复并办结", "Answer and close");
  await expect(page.getByText(has("已办理并答复", "Dealt with and answered")).first()).toBeVisible();
});

for (const as of ["agent", "near_relative"]) {
  test(`as ${as} somebody is erased`, async ({ visitor, portal, page }) => {
    const spare = portal.person("spare");
    const left = `SELECT count(*) AS n FROM customers WHERE email = '${spare.email}'`;
    const number = await asks(visitor, as, "delete", spare.email!);
    await isVouchedFor(visitor, number);
    await visitor.approve();
    await visitor.until("已办结", "Completed");
    expect(portal.company(left)).toEqual([{ n: 0 }]);
  });
}

test("an agent has an account closed, and the person keeps it", async ({ visitor, portal, page }) => {
  const spare = portal.person("spare");
  const id = portal.company(`SELECT id FROM customers WHERE email = '${spare.email}'`)[0].id;
  portal.company(`UPDATE waybills SET delivered_at = accepted_at WHERE sender_id = ${id}`);
  portal.company(`UPDATE orders SET completed_at = placed_at WHERE customer_id = ${id}`);
  const before = portal.company("SELECT * FROM customers ORDER BY id");
  const number = await asks(visitor, "agent", "cancel-account", spare.email!);
  await isVouchedFor(visitor, number);
  await visitor.approve("同意注销这个账号", "Agree to close the account");
  await portal.letter(spare.email!, has("还可以撤回", "can still be taken back"));
  await visitor.signOut();
  await visitor.signInByEmail(spare.email!);
  await visitor.open(`/requests/${number}`);
  await visitor.heading("可以反悔", "You can change your mind until");
  await visitor.press("撤回这份申请", "Take it back");
  await expect(page.getByText(has("申请已撤回", "Request taken back")).first()).toBeVisible();
  expect(portal.company("SELECT * FROM customers ORDER BY id")).toEqual(before);
});

test("an officer writes down what somebody said on the telephone", async ({ visitor, portal, page }) => {
  const li = portal.person("customer");
  await visitor.signInAsStaff("officer");
  await visitor.follow("登记申请", "Write down a request");
  await page.locator("input[name=kind][value=complaint]").check();
  await visitor.press("继续", "Continue");
  await page.locator("input[value=phone]").check();
  await page.locator("#mobile").fill(li.mobile);
  await page.locator("#words").fill("来电投诉，已回拨核实。");
  await visitor.press("继续", "Continue");
  await visitor.press("登记", "Write it down");
  await expect(page.getByText(has("由工作人员登记：电话", "Written down by staff: By telephone"))).toBeVisible();
  await portal.letter(li.mobile, /QD-/);
});
