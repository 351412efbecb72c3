#!/usr/bin/env bash
# datapackage: a package with a broken foreign key is valid and is read without a word.
#
# Frictionless Data has foreign keys so that tables hang together. The npm library datapackage 1.1.10
# calls a package valid whose foreign key leads nowhere, and read() returns its rows; only
# checkRelations(), which nothing calls by itself, tells. And the "any" date format of its tableschema
# takes 85% for the first of January 1985.
#
# Run: findings/datapackage-valid-without-relations.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund datapackage@1.1.10 tableschema@1.12.6 >/dev/null
cat >see.mjs <<'JS'
import { createRequire } from 'module';
const require = createRequire(import.meta.url);
const { Package } = require('datapackage');
const { Field } = require('tableschema');
const p = await Package.load({ name: 'p', resources: [
  { name: 'cases', data: [['slug', 'committee'], ['a', 'nowhere']], schema: { fields: [{ name: 'slug', type: 'string' }, { name: 'committee', type: 'string' }], foreignKeys: [{ fields: 'committee', reference: { resource: 'committees', fields: 'slug' } }] } },
  { name: 'committees', data: [['slug'], ['changchun']], schema: { fields: [{ name: 'slug', type: 'string' }] } }] });
console.log('valid:', p.valid);
console.log('read:', JSON.stringify(await p.resources[0].read()));
console.log('checkRelations:', await p.resources[0].checkRelations().catch((e) => e.message));
console.log('date any of 85%:', new Field({ name: 'd', type: 'date', format: 'any' }).castValue('85%').getFullYear());
JS
node see.mjs >saw
cat >expected <<'TEXT'
valid: true
read: [["a","nowhere"]]
checkRelations: Foreign key "committee" violation in row 2
date any of 85%: 1985
TEXT
echo "datapackage@1.1.10 tableschema@1.12.6, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
