// The rules of @graphql-eslint over schema/: its recommended set and Relay's.
// What is set otherwise than there says why.
import { readdirSync, readFileSync } from "node:fs";
import { configs, parser, rules } from "@graphql-eslint/eslint-plugin";
import { buildSchema, isObjectType } from "graphql";

const sdl = readdirSync("schema").map((name) => readFileSync(`schema/${name}`, "utf8"));
const schema = buildSchema(sdl.join("\n"));

// Values: parts of a record, or an answer that was worked out. They have no
// identity of their own, so that an id would be made up; a client keeps them with
// the record or the question that they belong to.
const values = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type) && !type.getInterfaces().some((i) => i.name === "Node"))
  .map((type) => type.name);

export default [
  {
    files: ["schema/*.graphql"],
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema: "schema/*.graphql" } } },
    plugins: { "@graphql-eslint": { rules } },
    rules: {
      ...configs["flat/schema-recommended"].rules,
      ...configs["flat/schema-relay"].rules,
      "@graphql-eslint/strict-id-in-types": ["error", { exceptions: { types: values } }],
      // One line stands in quotes, several in a block: both are GraphQL's own ways.
      "@graphql-eslint/description-style": "off",
      // Relay asks for one direction or both. Long lists go both ways; those that
      // are read from their start only (hits by rank, revisions, what is below a
      // committee) go forward.
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      // Short, bounded lists are plain lists: a case's topics need no paging, and
      // a connection has `nodes` beside `edges`. A list's node may be a value, as
      // a revision is, which Relay allows.
      "@graphql-eslint/relay-edge-types": ["error", { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
    },
  },
];
