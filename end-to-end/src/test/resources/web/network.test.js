// Simulation: some clients, one model server, and between them a network that delays, reorders, duplicates and loses frames and breaks
// connections. Once the network works again, all clients must show the same messages in the same order.
//
// A simulation has no clock and takes its random numbers from a seed, so the same seed gives the same run.

import { deadline, step } from '../../../../../web/protocol.js';
import { initialState, snapshot, status } from '../../../../../web/state.js';
import { check, equal, sameOrder } from './assert.js';
import { modelServer } from './model-server.js';

const NAMES = ['ada', 'bob', 'cy', 'di', 'ed'];
const ROOMS = ['red', 'blue'];

/** Test functions by name; a test fails by throwing. */
export const tests = Object.fromEntries([
  ...[1, 2, 3, 4].map((seed) => [`every client shows every message once and in order after network failures (seed ${seed})`,
    () => simulate(seed, { restarts: false })]),
  ...[11, 12, 13].map((seed) => [`all clients show one order after network failures and restarts with an empty store (seed ${seed})`,
    () => simulate(seed, { restarts: true })]),
]);

function simulate(seed, { restarts }) {
  const simulation = newSimulation(seed);
  openRooms(simulation);
  disturb(simulation, { restarts });
  settle(simulation);
  for (const room of ROOMS) assertAgreement(simulation, room, { restarts });
}

// ----------------------------------------------------------------------------------------------------- phases

function openRooms({ clients, input, run }) {
  run(5_000);
  for (const room of ROOMS) {
    input(clients[0], 'create', { room });
    run(1_000);
    for (const client of clients.slice(1)) input(client, 'join', { room });
    run(2_000);
  }
  for (const { name, state } of clients) for (const room of ROOMS) equal(state.rooms.get(room)?.phase, 'live', `phase of ${room} for ${name}`);
}

function disturb(simulation, { restarts }) {
  const { clients, random, chance, pick } = simulation;
  simulation.fail();
  for (let i = 0; i < 160; i++) {
    simulation.run(random() * 900);
    if (chance(0.8)) simulation.write(pick(clients), pick(ROOMS));
    if (chance(0.08)) simulation.breakConnection(pick(clients));
    if (!restarts && chance(0.02)) simulation.reload(pick(clients));
    if (restarts && chance(0.015)) simulation.restart();
  }
}

/** The network works; each client writes one more message, which reveals gaps at the end of a history. */
function settle({ clients, repair, write, run }) {
  repair();
  run(240_000);
  for (const client of clients) for (const room of ROOMS) write(client, room);
  run(120_000);
}

function assertAgreement({ clients, server, written }, room, { restarts }) {
  const log = server.messageIds(room);
  equal(log.length, new Set(log).size, `messages stored once in ${room}`);
  const writtenHere = written.filter((message) => message.room === room).map(({ id }) => id);
  if (!restarts) equal([...log].sort(), writtenHere.sort(), `messages stored in ${room}`);

  for (const { name, state } of clients) {
    const { messages, outbox, members, incarnation } = state.rooms.get(room);
    const what = `of ${name} in ${room}`;
    const ids = messages.map(({ id }) => id);
    equal(outbox.map(({ id, status: its }) => [id, its]), [], `unsent messages ${what}`);
    equal(ids.length, new Set(ids).size, `distinct messages ${what}`);
    equal(members, NAMES, `roster ${what}`);

    const current = messages.filter((message) => message.incarnation === incarnation).map(({ id }) => id);
    const earlier = new Set(messages.filter((message) => message.incarnation !== incarnation).map(({ id }) => id));
    sameOrder(current, log.filter((id) => !earlier.has(id)).slice(-current.length), `order ${what}`);
    check(current.length >= Math.min(log.length, clients.length), `${what}: only ${current.length} of ${log.length} messages`);

    // After a reload, a client shows only the latest part of the history.
    if (!restarts && ids[0] === log[0]) sameOrder(ids, log, `all messages ${what}`);
  }
}

// ------------------------------------------------------------------------------------------------- simulation

function newSimulation(seed) {
  const random = randomNumbers(seed);
  const chance = (probability) => random() < probability;
  const pick = (items) => items[Math.floor(random() * items.length)];
  const server = modelServer(push);
  const queue = []; // what happens later: { at, order, happen }
  const clients = [];
  const written = []; // { room, id }
  let now = 1_000_000;
  let isFailing = false;
  let order = 0;

  // --- the network

  const later = (delay, happen) => queue.push({ at: now + delay, order: order++, happen });
  const latency = () => (isFailing ? 5 + random() * (chance(0.1) ? 3000 : 150) : 5 + random() * 20);

  function push(connection, frame) {
    const isLost = isFailing && chance(0.12);
    if (!isLost) deliver(connection, frame, latency());
  }

  function deliver(connection, frame, delay) {
    const arrive = () => connection.client.connection === connection && input(connection.client, 'received', { data: JSON.stringify(frame) });
    later(delay, arrive);
    if (isFailing && chance(0.1)) later(delay + latency(), arrive); // a duplicate
  }

  /** Each frame runs in an invocation of its own, so frames may overtake each other. */
  function submit(connection, data) {
    if (isFailing && chance(0.05)) return; // the frame is lost
    later(latency(), () => {
      if (connection.isClosed) return;
      const answers = server.handle(connection, JSON.parse(data), isFailing && chance(0.08));
      if (isFailing && chance(0.12)) return; // the answers are lost
      let delay = 0;
      for (const frame of answers) {
        delay += latency();
        deliver(connection, frame, delay);
      }
    });
  }

  /** The server may notice much later that the connection is closed. */
  function close(client) {
    const { connection } = client;
    client.connection = null;
    if (!connection || connection.isClosed) return;
    later(isFailing && chance(0.3) ? 20_000 : latency(), () => {
      if (!connection.isClosed && connection.user) server.disconnect(connection);
      connection.isClosed = true;
    });
  }

  function connect(client) {
    close(client);
    const attempt = ++client.attempts;
    later(random() * 800, () => {
      if (client.attempts !== attempt) return;
      client.connection = { client, user: null, isClosed: false };
      input(client, 'connecting');
      input(client, 'opened');
    });
  }

  // --- the clients

  function input(client, type, fields = {}) {
    const next = step(client.state, { type, now, random: random(), ...fields });
    client.state = next.state;
    for (const effect of next.effects) {
      if (effect.type === 'send' && client.connection) submit(client.connection, effect.data);
      if (effect.type === 'reconnect' || effect.type === 'connect') connect(client);
      if (effect.type === 'disconnect') {
        // A slow registration of the client's own earlier connection can supersede it, too. The user takes the name over again.
        close(client);
        later(2_000, () => status(client.state) === 'superseded' && input(client, 'take-over'));
      }
    }
  }

  function breakConnection(client) {
    close(client);
    input(client, 'closed', { retryAt: now });
    connect(client);
  }

  function reload(client) {
    client.state = initialState(JSON.parse(JSON.stringify(snapshot(client.state))));
    connect(client);
  }

  function write(client, room) {
    if (!client.state.rooms.has(room)) return;
    const id = `${client.name}-${++client.messages}`;
    written.push({ room, id });
    input(client, 'send', { room, text: `text of ${id}`, id });
  }

  /** Runs everything that happens in this time: the network's queue, and each client's timers. */
  function run(duration) {
    const until = now + duration;
    for (let events = 0; ; events++) {
      check(events < 2_000_000, 'the simulation never comes to rest');
      queue.sort((a, b) => a.at - b.at || a.order - b.order);
      let next = queue[0]?.at ?? Infinity;
      let dueClient = null;
      for (const client of clients) {
        const due = deadline(client.state);
        if (due !== null && due < next) {
          next = due;
          dueClient = client;
        }
      }
      if (next > until) break;
      now = Math.max(now, next);
      if (dueClient) input(dueClient, 'tick');
      else queue.shift().happen();
    }
    now = until;
  }

  for (const name of NAMES) {
    const client = { name, state: initialState(), connection: null, attempts: 0, messages: 0 };
    clients.push(client);
    connect(client);
    input(client, 'register', { name });
  }

  return {
    clients, server, written, random, chance, pick, input, write, reload, breakConnection, run,
    fail() {
      isFailing = true;
    },
    repair() {
      isFailing = false;
    },
    restart() {
      for (const { connection } of clients) if (connection) connection.isClosed = true;
      server.restart();
      for (const client of clients) breakConnection(client);
    },
  };
}

/** A generator of numbers in [0, 1) by the algorithm mulberry32. */
function randomNumbers(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
