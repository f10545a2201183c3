const byId = id => document.getElementById(id);
let token;

async function post(url, body) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(answer.detail ?? `The server answered ${response.status}.`);
  }
  return answer;
}

async function attempt(doing, work) {
  byId('status').textContent = doing;
  try {
    byId('status').textContent = (await work()) ?? '';
  } catch (error) {
    byId('status').textContent = error.message;
  }
}

function show(vote) {
  byId('up').setAttribute('aria-pressed', vote === 1);
  byId('down').setAttribute('aria-pressed', vote === 0);
}

async function learned() {
  const policy = await (await fetch('/learned')).json();
  byId('models').replaceChildren(...policy.models.map(model => {
    const row = document.createElement('tr');
    for (const text of [model.armId, model.rewards, model.meanReward?.toFixed(2) ?? '–']) {
      row.insertCell().textContent = text;
    }
    return row;
  }));
  byId('spent').textContent = `Answers: ${policy.decisions}, spent: ${policy.spendUsd.toFixed(6)} USD.`;
}

byId('ask').addEventListener('submit', event => {
  event.preventDefault();
  attempt('Asking…', async () => {
    const answer = await post('/ask', { text: byId('question').value });
    token = answer.token;
    byId('text').textContent = answer.text;
    byId('model').textContent = answer.model;
    byId('answer').hidden = false;
    show(null);
    await learned();
  });
});

function vote(reward) {
  attempt('Sending…', async () => {
    await post('/feedback', { token, reward });
    show(reward);
    await learned();
    return 'Thank you.';
  });
}

byId('up').addEventListener('click', () => vote(byId('up').getAttribute('aria-pressed') === 'true' ? null : 1));
byId('down').addEventListener('click', () => vote(byId('down').getAttribute('aria-pressed') === 'true' ? null : 0));
learned();
