import type { Send, VendorRequest, VendorResponse } from '../transport.js';

/** What was got with the credentials. Kept encrypted; replaced as a whole. */
export interface Tokens {
  readonly accessToken: string;
  /** ISO instant. */
  readonly expiresAt: string;
  /** The refresh token to use next time, where the vendor rotates them. */
  readonly refreshToken?: string | undefined;
}

/** How a connector proves who it is. Strategies are pure: the engine keeps the tokens and sees to single flight. */
export interface AuthStrategy<Credentials> {
  /** Whether the tokens can be used at `now`; false calls `acquire`. */
  isFresh(tokens: Tokens | undefined, now: Date): boolean;
  /**
   * Gets new tokens. Called by one worker of the fleet at a time. Undefined where the credentials themselves are sent:
   * there is nothing to renew, and a refusal is final.
   *
   * Throws SyncError UPSTREAM_AUTH when the vendor does not accept the credentials any more.
   */
  acquire?(send: Send, credentials: Credentials, tokens: Tokens | undefined, now: Date): Promise<Tokens>;
  authorize(request: VendorRequest, credentials: Credentials, tokens: Tokens | undefined): VendorRequest;
  /** Whether an answer is the vendor's way of saying that the access token is not accepted. */
  isRejected(response: VendorResponse): boolean;
}

/** A strategy whose tokens can be renewed. */
export type RenewingStrategy<Credentials> = AuthStrategy<Credentials> &
  Required<Pick<AuthStrategy<Credentials>, 'acquire'>>;
