// A portal of one's own for each test: a fresh demonstration company on a free port.
import { test as base, expect, type Page } from "@playwright/test";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createHmac } from "node:crypto";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
export const binary = join(target, process.env.QINGDAN_PROFILE ?? "debug", "qingdan");

export type Person = { who: string; name: string; email: string | null; mobile: string; waybill_no: string | null };
export type Staff = { role: string; login: string; password: string; totp_secret: string | null };
type Letter = { to: string; subject: string; body: string; at: string };

export class Portal {
  readonly people: Person[];
  readonly staff: Staff[];
  private read = 0;

  constructor(readonly dir: string, readonly url: string, private process: ChildProcess, private output: { text: string }) {
    const signIns = JSON.parse(readFileSync(join(dir, "sign-ins.json"), "utf8"));
    this.people = signIns.people;
    this.staff = signIns.staff;
  }

  person(who: string): Person {
    return this.people.find((person) => person.who === who)!;
  }

  officer(login = "officer"): Staff {
    return this.staff.find((staff) => staff.login === login)!;
  }

  /** Rows of the company's own database file. */
  company(sql: string): Record<string, string | number | null>[] {
    const out = execFileSync("sqlite3", ["-json", "-cmd", ".timeout 5000", join(this.dir, "company.sqlite"), sql], { encoding: "utf8" });
    return out.trim() ? JSON.parse(out) : [];
  }

  /** Whether an address was cut after its city (`coarse` in the demonstration's map), or is gone. */
  cityAtMost(address: string | number | null): boolean {
    return address === null || /^[^市]*市$/.test(String(address));
  }

  /** Runs the product's own command line against this portal. */
  command(...args: string[]): string {
    return execFileSync(binary, [...args, "--config", join(this.dir, "qingdan.toml")], { encoding: "utf8" });
  }

  letters(): Letter[] {
    const folder = join(this.dir, "mail");
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Letter)
      // As times: as text, a whole second would come after its own fractions.
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }

  /** The next letter to this address that has not been read yet. */
  async letter(to: string, matching: RegExp): Promise<Letter> {
    let found: Letter | undefined;
    await expect
      .poll(() => (found = this.letters().slice(this.read).find((l) => l.to === to && matching.test(l.body))), { timeout: 20_000 })
      .toBeTruthy();
    this.read = this.letters().findIndex((l) => l.at === found!.at && l.body === found!.body) + 1;
    return found!;
  }

  async code(to: string): Promise<string> {
    return (await this.letter(to, /\b\d{6}\b/)).body.match(/\b(\d{6})\b/)![1];
  }

  log(): string {
    return this.output.text;
  }

  stop() {
    this.process.kill("SIGKILL");
  }

  /** Serves again, as a company would serve it, with this added to its configuration. */
  async restart(more: { toml: string; env: Record<string, string> }) {
    const stopped = new Promise((done) => this.process.once("exit", done));
    this.process.kill("SIGTERM");
    await stopped;
    const config = join(this.dir, "qingdan.toml");
    if (!readFileSync(config, "utf8").includes(more.toml)) appendFileSync(config, more.toml);
    this.process = spawn(binary, ["serve", "--config", config], { env: { ...process.env, ...more.env } });
    await ready(this.process, this.url, this.output);
  }
}

export function totp(secret: string, now = Date.now()): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const offset = mac[19] & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Each worker has ports of its own: two that look for a free one at the same time must not find the same. */
const PORTS_OF_A_WORKER = 1_000;
let nextPort = Math.floor(Math.random() * PORTS_OF_A_WORKER);

/** A port with a free one above it, for the metrics. */
async function freePort(): Promise<number> {
  const listen = (port: number) =>
    new Promise<void>((done, fail) => {
      const server = createServer().once("error", fail);
      server.listen(port, "127.0.0.1", () => server.close(() => done()));
    });
  const first = 20_000 + Number(process.env.TEST_PARALLEL_INDEX ?? 0) * PORTS_OF_A_WORKER;
  for (;;) {
    nextPort = (nextPort + 2) % (PORTS_OF_A_WORKER - 1);
    const port = first + nextPort;
    const isFree = await Promise.all([listen(port), listen(port + 1)]).then(() => true, () => false);
    if (isFree) return port;
  }
}

/** How many officers decide a deletion; most journeys are about something else. */
export type Officers = "one" | "two";

export async function start(customers = 60, officers: Officers = "one"): Promise<Portal> {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: cargo build -p server`);
  const dir = mkdtempSync(join(tmpdir(), "qingdan-"));
  const port = await freePort();
  const more = officers === "one" ? ["--one-officer"] : [];
  const child = spawn(binary, ["demo", "--dir", join(dir, "demo"), "--customers", String(customers), "--listen", `127.0.0.1:${port}`, ...more]);
  const url = `http://127.0.0.1:${port}`;
  const output = { text: "" };
  await ready(child, url, output);
  return new Portal(join(dir, "demo"), url, child, output);
}

async function ready(child: ChildProcess, url: string, output: { text: string }) {
  child.stdout!.on("data", (data) => (output.text += data));
  child.stderr!.on("data", (data) => (output.text += data));
  for (let tries = 0; ; tries++) {
    const answers = await fetch(`${url}/readyz`).then((answer) => answer.ok).catch(() => false);
    if (answers) return;
    if (child.exitCode !== null || tries > 300) throw new Error(`the portal did not start:\n${output.text}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** Both languages of a text, so that a journey reads the same in either. */
export const say = (zh: string, en: string) => new RegExp(`^\\s*(${escape(zh)}|${escape(en)})\\s*$`);
export const has = (zh: string, en: string) => new RegExp(`${escape(zh)}|${escape(en)}`);
const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What people do. */
export class Visitor {
  constructor(readonly page: Page, readonly portal: Portal) {}

  async open(path: string) {
    await this.page.goto(this.portal.url + path);
  }

  async press(zh: string, en: string) {
    await this.page.getByRole("button", { name: say(zh, en) }).click();
  }

  async follow(zh: string, en: string) {
    await this.page.getByRole("link", { name: say(zh, en) }).first().click();
  }

  async heading(zh: string, en: string) {
    await expect(this.page.getByRole("heading", { name: has(zh, en) }).first()).toBeVisible();
  }

  async signInByEmail(email: string) {
    await this.open("/sign-in");
    await this.page.locator("#email").fill(email);
    await this.press("发送验证码", "Send the code");
    await this.enterCode(email);
    await this.heading("我的信息", "My information");
  }

  async signInWithParcel(mobile: string, waybill: string) {
    await this.open("/sign-in/parcel");
    await this.page.locator("#mobile").fill(mobile);
    await this.page.locator("#waybill").fill(waybill);
    await this.press("发送验证码", "Send the code");
    await this.enterCode(mobile);
    await this.heading("我的信息", "My information");
  }

  async enterCode(to: string) {
    await this.page.locator("#code").fill(await this.portal.code(to));
    await this.press("继续", "Continue");
  }

  async signInAsStaff(login = "officer") {
    const staff = this.portal.officer(login);
    await this.open("/officer/sign-in");
    await this.page.locator("#login").fill(staff.login);
    await this.page.locator("#password").fill(staff.password);
    await this.press("继续", "Continue");
    await this.page.locator("#code").fill(totp(staff.totp_secret!));
    await this.press("登录", "Sign in");
  }

  /** On a case: reads what it will do, then does it. */
  async approve(zh = "批准并执行这个方案", en = "Approve and carry out this plan") {
    await this.press("核对后批准", "Check and approve");
    await this.heading("批准前请核对", "Check before you approve");
    await this.press(zh, en);
  }

  /** Has one masked value shown, for a reason. */
  async showInFull(zh: string, en: string, reason: string) {
    await this.page.getByRole("button", { name: say(`显示完整的${zh}`, `Show in full: ${en}`) }).first().click();
    await this.saysWhy(reason);
  }

  async saysWhy(reason: string) {
    await this.heading("显示一项完整内容", "Show one value in full");
    await this.page.locator(`[name=reason][value=${reason}]`).check();
    await this.press("记录并显示", "Enter it and show the value");
  }

  async signOut() {
    await this.press("退出", "Sign out");
  }

  /** Reloads until the page says so: without a script nothing does it by itself. */
  async until(zh: string, en: string) {
    await expect(async () => {
      await this.page.reload();
      await expect(this.page.getByText(has(zh, en)).first()).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 30_000 });
  }
}

export const test = base.extend<{ officers: Officers; portal: Portal; visitor: Visitor }>({
  officers: ["one", { option: true }],
  portal: async ({ officers }, use, info) => {
    const portal = await start(60, officers);
    await use(portal);
    portal.stop();
    if (info.status !== info.expectedStatus) await info.attach("log", { body: portal.log() });
    else rmSync(resolve(portal.dir, ".."), { recursive: true, force: true });
  },
  visitor: async ({ page, portal }, use) => use(new Visitor(page, portal)),
});

export { expect };
