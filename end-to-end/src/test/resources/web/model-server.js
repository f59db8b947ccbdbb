// A model of the chat server, by its rules: a log of events for each room, message ids recognised among the latest events only,
// small pages, and long rosters in parts.
//
// A connection is { user }: the name that it has registered, or null. `push(connection, frame)` sends a frame to one connection.

const DEDUPLICATION_WINDOW = 16;
const LATEST = 50; // messages in an answer to a join without `since`
const PAGE = 7; // messages in a frame
const ROSTER_PART = 3; // members in a frame

export function modelServer(push) {
  const users = new Map(); // name → { connection, key }
  const rooms = new Map(); // name → { log, members: name → connection }
  let time = 0;
  let keys = 0;

  const nextTime = () => String(++time);
  const error = (code, frame) => [{ type: 'error', code, message: code, action: frame.action, id: frame.id, room: frame.room ?? frame.value }];
  const isMember = (room, connection) => room.members.get(connection.user) === connection;

  function append(room, event) {
    const appended = { ...event, seq: room.log.length + 1, time: nextTime() };
    room.log.push(appended);
    return appended;
  }

  function pushToMembers(room, frame) {
    for (const member of room.members.values()) push(member, frame);
  }

  function leave(connection, name, room) {
    const { user } = connection;
    room.members.delete(user);
    const { seq, time: at } = append(room, { kind: 'left', user });
    pushToMembers(room, { type: 'member-left', room: name, user, seq, time: at });
  }

  /** The connection leaves its rooms and gives its name back. */
  function disconnect(connection) {
    for (const [name, room] of rooms) if (isMember(room, connection)) leave(connection, name, room);
    if (users.get(connection.user)?.connection === connection) users.delete(connection.user);
    connection.user = null;
  }

  function history(name, room, since) {
    const later = room.log.filter(({ kind, seq }) => kind === 'message' && seq > (since ?? 0));
    const requested = since === undefined ? later.slice(-LATEST) : later;
    const messages = requested.slice(0, PAGE).map(({ user, text, seq, id, time: at }) => ({ user, content: text, time: at, seq, id }));
    const members = [...room.members.keys()];
    const common = { type: 'multi-message', room: name, seq: room.log.length };
    const frames = [{ ...common, messages, members: members.slice(0, ROSTER_PART), more: requested.length > PAGE }];
    for (let i = ROSTER_PART; i < members.length; i += ROSTER_PART) {
      frames.push({ ...common, messages: [], members: members.slice(i, i + ROSTER_PART), more: false });
    }
    return frames;
  }

  const actions = {
    register(connection, frame) {
      if (connection.user) return error('already-registered', frame);
      const reservation = users.get(frame.value);
      if (reservation && reservation.key !== frame.key) return error('name-taken', frame);
      if (reservation) {
        disconnect(reservation.connection);
        push(reservation.connection, { type: 'error', code: 'signed-in-elsewhere', message: '' });
      }
      const key = reservation?.key ?? frame.key ?? `key-${++keys}`;
      connection.user = frame.value;
      users.set(frame.value, { connection, key });
      const names = [...rooms.keys()];
      return [{ type: 'signup', user: frame.value, rooms: names.slice(0, 1), key }, { type: 'signup', user: frame.value, rooms: names.slice(1), key }];
    },

    'new-room'(connection, frame) {
      if (rooms.has(frame.value)) return error('room-exists', frame);
      rooms.set(frame.value, { log: [{ seq: 1, kind: 'created' }], members: new Map([[connection.user, connection]]) });
      for (const user of users.values()) push(user.connection, { type: 'single-room', message: frame.value });
      return [{ type: 'ack', action: 'new-room', room: frame.value, seq: 1, members: [connection.user] }];
    },

    'join-room'(connection, frame) {
      const room = rooms.get(frame.value);
      if (!room) return error('no-such-room', frame);
      if (!isMember(room, connection)) {
        const { user, seq, time: at } = append(room, { kind: 'joined', user: connection.user });
        pushToMembers(room, { type: 'member-joined', room: frame.value, user, seq, time: at });
        room.members.set(user, connection);
      }
      return history(frame.value, room, frame.since);
    },

    dispatch(connection, frame) {
      const room = rooms.get(frame.room);
      if (!room) return error('no-such-room', frame);
      if (!isMember(room, connection)) return error('not-a-member', frame);
      const { user } = connection;
      const earlier = room.log.slice(-DEDUPLICATION_WINDOW).find((event) => event.kind === 'message' && event.id === frame.id && event.user === user);
      const { seq } = earlier ?? store(frame, room, user);
      return [{ type: 'ack', action: 'dispatch', room: frame.room, seq, id: frame.id }];
    },
  };

  function store({ room: name, value: text, id }, room, user) {
    const event = append(room, { kind: 'message', user, text, id });
    pushToMembers(room, { type: 'client-message', room: name, user, message: text, seq: event.seq, time: event.time, id });
    return event;
  }

  return {
    disconnect,
    /** Executes a frame and returns its answers; a busy server answers with an error and does nothing. */
    handle(connection, frame, isBusy) {
      if (!Object.hasOwn(actions, frame.action)) return [{ type: 'error', code: 'unknown-action', message: '' }];
      if (frame.action !== 'register' && !connection.user) return error('not-registered', frame);
      if (isBusy) return error('busy', frame);
      return actions[frame.action](connection, frame);
    },
    /** The ids of the messages in a room, in the order of the log. */
    messageIds: (name) => rooms.get(name).log.filter(({ kind }) => kind === 'message').map(({ id }) => id),
    /** Loses all users and rooms, as a restart with an empty store does. */
    restart() {
      users.clear();
      rooms.clear();
    },
  };
}
