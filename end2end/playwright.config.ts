import { defineConfig, devices } from "@playwright/test";

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true };
const desktop = { viewport: { width: 1280, height: 900 } };
const journeys = ["journeys/*.spec.ts", "pages.spec.ts"];

// Both languages, both sizes, with and without JavaScript, in four projects.
export default defineConfig({
  testDir: ".",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  forbidOnly: true,
  use: {
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "zh-phone-nojs", testMatch: journeys, use: { ...phone, locale: "zh-CN", javaScriptEnabled: false } },
    { name: "en-phone-js", testMatch: journeys, use: { ...phone, locale: "en-GB" } },
    { name: "zh-desktop-js", testMatch: journeys, use: { ...desktop, locale: "zh-CN" } },
    { name: "en-desktop-nojs", testMatch: journeys, use: { ...desktop, locale: "en-GB", javaScriptEnabled: false } },
    // Not a test: made on demand by `make pictures`.
    ...(process.env.QINGDAN_PICTURES ? [{ name: "pictures", testMatch: "pictures.spec.ts", use: { ...desktop, locale: "zh-CN" } }] : []),
  ],
});
