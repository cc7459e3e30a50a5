import type { ApiContext, App } from '../../../api-context.js';
import { deleteMember } from './delete-member.js';
import { getMembers } from './get-members.js';
import { postMemberBlock } from './post-member-block.js';
import { postMemberUnblock } from './post-member-unblock.js';

/** The people who come with tokens of the identity provider. */
export function memberRoutes(app: App, ctx: ApiContext): void {
  getMembers(app, ctx);
  postMemberBlock(app, ctx);
  postMemberUnblock(app, ctx);
  deleteMember(app, ctx);
}
