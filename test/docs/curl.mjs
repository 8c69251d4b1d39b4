// What the examples of docs/http.md need of curl, so that running them needs no program but Node: -s -N -X -H -d and a URL. Ends each
// answer with a line break.
const request = { method: 'GET', headers: {} };
let url = '';
const words = process.argv.slice(2);
while (words.length > 0) {
  const word = words.shift();
  if (word === '-s' || word === '-N') continue;
  if (word === '-X') request.method = words.shift();
  else if (word === '-d') request.body = words.shift();
  else if (word === '-H') {
    const [, name, value] = /^([^:]+): *(.*)$/.exec(words.shift());
    request.headers[name] = value;
  } else if (word.startsWith('-')) throw new Error(`not an option of the examples: ${word}`);
  else url = word.includes('://') ? word : `http://${word}`;
}
const reply = await fetch(url, request);
console.log(await reply.text());
