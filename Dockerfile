# One image for all of Syncline's programs: docker run … syncline api | worker | migrate | … (docs/containers.md).
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-slim AS build
WORKDIR /src
ENV CI=true DO_NOT_TRACK=1 NO_UPDATE_NOTIFIER=1
COPY package.json ./
# npm and not corepack, which cannot check the signature of this pnpm.
RUN --mount=type=cache,target=/root/.npm \
    npm install --global --no-fund --no-audit "$(node -p "require('./package.json').packageManager")"
# The lock file alone: as long as it stays as it is, so does the layer with everything that was downloaded.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch --ignore-scripts
COPY . .
RUN pnpm install --frozen-lockfile --offline --ignore-scripts
RUN node_modules/.bin/tsc -b apps/api apps/worker apps/cli && pnpm --filter @syncline/dashboard run build \
    && node scripts/image.mjs /image

FROM node:${NODE_VERSION}-slim
# A container runs one program of ours; it has no use for package managers.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn-* \
    /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg
WORKDIR /app
COPY --from=build /image ./
# For people: docker compose exec api syncline sync --follow
RUN ln -s /app/scripts/container.mjs /usr/local/bin/syncline
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 SYNCLINE_WORKER_PORT=9464
EXPOSE 3000 9464
# A number, so that an orchestrator can see that it is not root. Owns nothing: the program cannot change itself.
USER 10001:10001
# Node runs as the first process: it has handlers for signals, and nobody leaves it children to bury.
ENTRYPOINT ["node", "/app/scripts/container.mjs"]
CMD ["--help"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s CMD ["syncline", "probe"]
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Syncline" \
      org.opencontainers.image.description="Keeps a company's own Postgres in step with its SaaS tools" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
