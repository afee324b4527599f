// An identity provider of the test's own, on another site than the portal (localhost, not 127.0.0.1): its own cookie says
// who is signed in there, and it signs what it says of them.
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const client = { id: "qingdan", secret: "only-for-this-test" };

export type Customer = { sub: string; email: string; email_verified: boolean };
type Promised = { nonce: string; challenge: string; back: string; agreed: number };

export class IdentityProvider {
  private keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  private codes = new Map<string, Promised>();

  /** Its issuer; stays the same while it is down. */
  url = "";

  private constructor(private server: Server, readonly customer: Customer) {}

  static async start(customer: Customer): Promise<IdentityProvider> {
    const server = createServer((question, answer) => void provider.answer(question, answer));
    const provider = new IdentityProvider(server, customer);
    await new Promise<void>((done) => server.listen(0, "localhost", done));
    provider.url = `http://localhost:${(server.address() as AddressInfo).port}`;
    return provider;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(question: IncomingMessage, answer: ServerResponse) {
    const url = new URL(question.url!, this.url);
    const json = (value: unknown, status = 200) => answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    switch (url.pathname) {
      case "/.well-known/openid-configuration":
        return json({ issuer: this.url, authorization_endpoint: `${this.url}/authorize`, token_endpoint: `${this.url}/token`, jwks_uri: `${this.url}/keys`, authorization_response_iss_parameter_supported: true });
      case "/keys":
        return json({ keys: [{ ...createPublicKey(this.keys.publicKey.export({ type: "spki", format: "pem" })).export({ format: "jwk" }), kid: "one", use: "sig" }] });
      case "/authorize":
        // The page of a provider: signed in already or not, people say yes or no to sharing.
        return answer.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(`<!doctype html><html lang="en"><title>Yuanfan</title>
          <h1>Yuanfan account</h1><a href="/agreed${url.search}">Share</a> <a href="/declined${url.search}">Do not share</a></html>`);
      case "/agreed": {
        const code = randomBytes(16).toString("hex");
        this.codes.set(code, { nonce: url.searchParams.get("nonce")!, challenge: url.searchParams.get("code_challenge")!, back: url.searchParams.get("redirect_uri")!, agreed: Date.now() });
        return this.back(url, answer, { code });
      }
      case "/declined":
        return this.back(url, answer, { error: "access_denied" });
      case "/token": {
        const chunks: Buffer[] = [];
        for await (const chunk of question) chunks.push(chunk as Buffer);
        const form = new URLSearchParams(Buffer.concat(chunks).toString());
        const promised = this.codes.get(form.get("code") ?? "");
        this.codes.delete(form.get("code") ?? "");
        const basic = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString("base64")}`;
        const challenge = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
        if (question.headers.authorization !== basic || !promised || promised.challenge !== challenge || promised.back !== form.get("redirect_uri")) {
          return json({ error: "invalid_grant" }, 400);
        }
        return json({ id_token: this.token(promised), access_token: "unused", token_type: "Bearer" });
      }
      default:
        return answer.writeHead(404).end();
    }
  }

  private back(url: URL, answer: ServerResponse, brings: Record<string, string>) {
    const to = new URL(url.searchParams.get("redirect_uri")!);
    to.search = new URLSearchParams({ ...brings, state: url.searchParams.get("state")!, iss: this.url }).toString();
    answer.writeHead(303, { location: to.href }).end();
  }

  private token(promised: Promised): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.url, aud: client.id, iat: now, exp: now + 300, auth_time: Math.floor(promised.agreed / 1000), nonce: promised.nonce, ...this.customer };
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg: "ES256", kid: "one" })}.${part(claims)}`;
    return `${signed}.${sign("sha256", Buffer.from(signed), { key: this.keys.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
  }
}
