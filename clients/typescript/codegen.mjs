// Makes src/generated from the schema and src/documents: for each operation its
// text and the types of its variables and its result.
// JISI_SCHEMA names the folder of the schema where it is not the repository's.
import { readdir, readFile, writeFile, mkdir } from "node:fs/promises";
import { codegen } from "@graphql-codegen/core";
import * as operations from "@graphql-codegen/typescript-operations";
import * as typedDocuments from "@graphql-codegen/typed-document-node";
import { parse } from "graphql";

const here = new URL("./", import.meta.url);
const schemaFolder = process.env.JISI_SCHEMA ? new URL(`file://${process.env.JISI_SCHEMA}/`) : new URL("../../schema/", here);
const documentFolder = new URL("src/documents/", here);
const output = new URL("src/generated/graphql.ts", here);

/** read gives the GraphQL files of a folder, by name. */
async function read(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".graphql")).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(name, folder), "utf8") })));
}

const schema = await read(schemaFolder);
const documents = await read(documentFolder);
const scalars = { Date: "string", DateTime: "string", PartialDate: "string" };
const text = await codegen({
  filename: output.pathname,
  schema: parse(schema.map((file) => file.text).join("\n")),
  documents: documents.map((file) => ({ location: file.name, document: parse(file.text) })),
  config: {
    scalars,
    strictScalars: true,
    enumsAsTypes: true,
    useTypeImports: true,
    documentMode: "string",
    dedupeFragments: true,
  },
  plugins: [{ operations: {} }, { typedDocuments: {} }],
  pluginMap: { operations, typedDocuments },
});
await mkdir(new URL("./", output), { recursive: true });
await writeFile(output, "// Made by codegen.mjs; not for editing.\n" + text.trimEnd() + "\n");
