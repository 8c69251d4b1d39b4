import { type MouseEvent, useState } from 'react';
import { ask } from '../api/client.js';

const place = '/queues/';

/** Leads to bull-board, which a browser opens with a cookie that it gets for the key here. */
export function BoardLink() {
  const [problem, setProblem] = useState('');
  const open = (event: MouseEvent) => {
    event.preventDefault();
    ask('/session', { method: 'POST' }).then(
      () => location.assign(place),
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <a href={place} onClick={open} title={problem || 'bull-board, to look at'}>
      Queues
    </a>
  );
}
