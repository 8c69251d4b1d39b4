# The dispatcher and the worker, one target each: docker build --target dispatcher .
FROM node:20.20.2-bookworm-slim AS base
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM base AS build
RUN npm ci
COPY nest-cli.json tsconfig.json .swcrc ./
COPY apps apps
COPY libs libs
COPY bench bench
COPY test/simulation test/simulation
COPY test/support test/support
RUN npm run build

# What both need at run time. Files belong to root, the process does not: it cannot change its own program.
FROM base AS runtime
COPY scripts/link-sdk.mjs scripts/link-sdk.mjs
COPY scripts/sdk-package.mjs scripts/sdk-package.mjs
RUN npm ci --omit=dev && npm cache clean --force && node scripts/link-sdk.mjs
COPY --from=build /app/dist/libs dist/libs
COPY scripts/ready.mjs scripts/ready.mjs
ENV NODE_ENV=production SHUNT_HTTP_HOST=0.0.0.0 SHUNT_HTTP_PORT=7420
USER node
EXPOSE 7420
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["node", "scripts/ready.mjs"]

FROM runtime AS dispatcher
COPY --from=build /app/dist/apps/dispatcher dist/apps/dispatcher
COPY --from=build /app/dist/apps/dashboard dist/apps/dashboard
CMD ["node", "dist/apps/dispatcher/src/main.js"]

FROM runtime AS worker
COPY --from=build /app/dist/apps/worker dist/apps/worker
CMD ["node", "dist/apps/worker/src/main.js"]
