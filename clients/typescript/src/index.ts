export { Client, type ClientOptions, type Page, type TypedDocument } from "./client.js";
export { AnswerError, TransportError, type AnswerProblem } from "./errors.js";
export * from "./generated/graphql.js";
