// PostGraphile 4 over DATABASE_URL, as its documentation sets it up for
// production, on a free port of the loopback; prints its address.
const { createServer } = require("node:http");
const { Pool } = require("pg");
const { postgraphile } = require("postgraphile");

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 8 });
const server = createServer(postgraphile(pool, "public", {
  retryOnInitFail: false, dynamicJson: true, setofFunctionsContainNulls: false, ignoreRBAC: false,
  graphiql: false, disableQueryLog: true, queryCacheMaxSize: 50 * 1024 * 1024,
}));
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/graphql`));
