// What a system needs to find programs, folders and the network, and what the tools we run may be told.
const passedOn =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|TZ|TMPDIR|TMP|TEMP|APT_CONFIG|CC|CFLAGS|LDFLAGS|MAKEFLAGS|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|REDISMS_.*|(npm_config_)?(https?|all|no)_?-?proxy)$/i;

/**
 * The keeper's environment. The caller's may hold secrets (keys, database URLs) and flags of a debugger
 * or a test runner; neither are the business of the keeper, nor of the tools it runs as another user.
 */
export function keeperEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => passedOn.test(name)));
}
