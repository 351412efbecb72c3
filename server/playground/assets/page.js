// Starts GraphiQL on this server's own endpoint.
(function () {
  'use strict';

  var endpoint = new URL('graphql', document.baseURI).href;

  var welcome = [
    '# 吉思广益：吉林省政协系统协商典型案例知识库',
    '#',
    '# 在这里写查询，Ctrl+Space 补全，Ctrl+Enter 运行。',
    '# Write a query here; Ctrl+Space completes, Ctrl+Enter runs it.',
    '',
    'query Search {',
    '  search(query: "营商环境", first: 5) {',
    '    totalCount',
    '    edges {',
    '      highlights { field fragment }',
    '      node {',
    '        __typename',
    '        ... on Case { title committee { name } }',
    '        ... on Brand { name }',
    '        ... on Proposal { title }',
    '        ... on Practice { title }',
    '      }',
    '    }',
    '  }',
    '}',
    '',
  ].join('\n');

  function ask(params, options) {
    return fetch(endpoint, {
      method: 'POST',
      headers: Object.assign(
        { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json, application/json' },
        options && options.headers
      ),
      body: JSON.stringify(params),
    }).then(function (response) { return response.json(); });
  }

  // A page's link brings its query behind the #, which is never sent anywhere.
  var given = new URLSearchParams(location.hash.slice(1));

  var create = React.createElement;
  ReactDOM.createRoot(document.getElementById('playground')).render(
    create(GraphiQL, {
      fetcher: ask, defaultQuery: welcome, forcedTheme: 'light',
      query: given.get('query') || undefined, variables: given.get('variables') || undefined,
    },
      create(GraphiQL.Logo, null, create('span', null, '查询台')))
  );
})();
