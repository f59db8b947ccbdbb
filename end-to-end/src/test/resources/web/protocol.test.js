// Examples for the client's side of the wire protocol: one client, and the frames that a server would send to it. They need no
// browser and run in any ES2022 engine.

import { deadline } from '../../../../../web/protocol.js';
import { closesOnLeave } from '../../../../../web/room.js';
import { snapshot, status } from '../../../../../web/state.js';
import { TIMING, backoff } from '../../../../../web/timing.js';
import { LIMITS, checkName, checkText, length } from '../../../../../web/validation.js';
import { check, equal } from './assert.js';
import {
  clientMessage, dispatchAck, dispatches, errorResponse, history, joins, memberJoined, memberLeft, message, newClient, roomAck, signup,
} from './test-client.js';

const text = {
  'a length is counted in code points after normalisation'() {
    equal(length('e\u0301'), 1);
    equal(length('🙋'), 1);
    equal(checkName('x'.repeat(LIMITS.name)), null);
    equal(checkName('x'.repeat(LIMITS.name + 1)), 'too-long');
    equal(checkName('e\u0301'.repeat(LIMITS.name)), null);
    equal(checkName(' \t '), 'blank');
    equal(checkText(' \n '), 'blank');
    equal(checkText('🙋'.repeat(LIMITS.text)), null);
    equal(checkText('🙋'.repeat(LIMITS.text + 1)), 'too-long');
  },
  'blank and too long input is not sent'() {
    const client = newClient().inRoom();
    client.write('a', ' \n');
    client.write('b', 'x'.repeat(LIMITS.text + 1));
    equal(client.sent(), []);
    equal(newClient().input('opened').input('register', { name: ' ' }).state.session.error.code, 'blank');
    equal(client.input('create', { room: 'x'.repeat(33) }).state.roomForm.error.code, 'too-long');
  },
  'the backoff stays below a ceiling that doubles up to its maximum'() {
    equal(backoff(0, 0.999999), 999);
    equal(backoff(3, 0.5), 4000);
    check(backoff(50, 0.999999) < TIMING.backoffCap, 'above the cap');
    equal(backoff(9, 0), 0);
  },
};

const registration = {
  'a registration before the connection opens is sent when it opens'() {
    const client = newClient().input('register', { name: '  Ada ' });
    equal(client.sent(), []);
    equal(client.input('opened').sent(), [{ action: 'register', value: 'Ada' }]);
  },
  'a taken name is shown as an error and another name can be registered'() {
    const client = newClient().input('opened').input('register', { name: 'ada' });
    client.receive(errorResponse('name-taken', 'register'));
    equal([client.state.session.phase, client.state.session.error.code], ['signed-out', 'name-taken']);
    client.sent();
    equal(client.input('register', { name: 'eve' }).sent(), [{ action: 'register', value: 'eve' }]);
  },
  'a registration rejected as busy is repeated after a delay'() {
    const client = newClient().input('opened').input('register', { name: 'ada' });
    client.sent();
    client.receive(errorResponse('busy', 'register'));
    equal(client.sent(), []);
    equal(client.advance(5000).sent(), [{ action: 'register', value: 'ada' }]);
  },
  'a registration without an answer leads to a new connection'() {
    const client = newClient().input('opened').input('register', { name: 'ada' });
    equal(client.advance(TIMING.answerTimeout - 1).effects(), []);
    equal(client.advance(1).effects(), ['reconnect']);
  },
  'a room list in several signup frames becomes one list'() {
    const client = newClient().online(['b', 'a']);
    client.receive(signup(['c', 'a']));
    equal(client.state.openRooms, ['a', 'b', 'c']);
  },
  'a new connection starts a new room list that includes rooms announced before the signup'() {
    const client = newClient().online(['old']).reconnect();
    client.receive({ type: 'single-room', message: 'early' });
    client.receive(signup(['new']));
    equal(client.state.openRooms, ['early', 'new']);
    client.receive({ type: 'single-room', message: 'new' }, { type: 'delete-room', room: 'early' });
    equal(client.state.openRooms, ['new']);
  },
};

const rooms = {
  'a created room has its creator as first member, in either order of ack and announcement'() {
    for (const order of [[0, 1], [1, 0]]) {
      const client = newClient().online();
      client.input('create', { room: 'r' });
      equal(client.sent().at(-1), { action: 'new-room', value: 'r' });
      const frames = [roomAck(1), { type: 'single-room', message: 'r' }];
      for (const i of order) client.receive(frames[i]);
      equal([client.room().phase, client.room().seq, client.room().members], ['live', 1, ['ada']]);
      equal([client.state.openRooms, client.state.selected, client.state.roomForm.pending], [['r'], 'r', null]);
    }
  },
  'creating an existing room shows an error'() {
    const client = newClient().online().input('create', { room: 'r' });
    client.receive(errorResponse('room-exists', 'new-room', { room: 'r' }));
    equal([client.state.roomForm.error.code, client.state.rooms.size], ['room-exists', 0]);
  },
  'creating a room again after a lost answer joins the existing room'() {
    const client = newClient().online().input('create', { room: 'r' });
    client.sent();
    client.reconnect().receive(signup(['r']));
    equal(client.sent().at(-1), { action: 'new-room', value: 'r' });
    client.receive(errorResponse('room-exists', 'new-room', { room: 'r' }));
    equal(joins(client.sent()), [['r', null]]);
  },
  'joining a closed room removes it from the list and shows an error'() {
    const client = newClient().online(['r']).input('join', { room: 'r' });
    client.receive(errorResponse('no-such-room', 'join-room', { room: 'r' }));
    equal([client.state.rooms.size, client.state.openRooms, client.state.selected, client.state.roomForm.error.code], [0, [], null, 'no-such-room']);
  },
  'an error response without a room belongs to the only open request'() {
    const client = newClient().online(['r']).input('join', { room: 'r' });
    client.receive(errorResponse('too-many-rooms', 'join-room'));
    equal([client.state.rooms.size, client.state.roomForm.error.code], [0, 'too-many-rooms']);
  },
  'typing clears the error of the earlier input'() {
    const client = newClient().input('opened').input('register', { name: ' ' }).input('clear-errors');
    equal(client.state.session.error, null);
    client.online().input('create', { room: ' ' }).input('clear-errors');
    equal(client.state.roomForm.error, null);
  },
  'leaving closes a room with messages if the user is its last member'() {
    const client = newClient().inRoom({ seq: 3, messages: [message(3)], members: ['ada', 'bob'] });
    equal(closesOnLeave(client.room(), 'ada'), false);
    client.receive(memberLeft(4, 'bob'));
    equal(closesOnLeave(client.room(), 'ada'), true);
    equal(closesOnLeave(newClient().inRoom({ members: ['ada'] }).room(), 'ada'), false, 'a room without messages');
  },
  'leaving ends with the ack, and later frames of the room are ignored'() {
    const client = newClient().inRoom().input('leave', { room: 'r' });
    equal(client.sent(), [{ action: 'leave-room', room: 'r' }]);
    client.receive(clientMessage(2));
    equal(client.room().messages.length, 0);
    client.receive({ type: 'ack', action: 'leave-room', room: 'r' });
    equal(client.state.rooms.size, 0);
    client.receive(clientMessage(3), history({ seq: 3 }));
    equal(client.state.rooms.size, 0);
  },
  'a close of a room that the user is in is ignored'() {
    const client = newClient().inRoom().receive({ type: 'delete-room', room: 'r' });
    equal([client.room().phase, client.state.openRooms], ['live', ['r']]);
  },
  'a room left while offline is not rejoined'() {
    const client = newClient().inRoom().input('closed', { retryAt: 0 }).input('leave', { room: 'r' });
    client.input('opened').receive(signup(['r']));
    equal(joins(client.sent()), []);
  },
};

const ordering = {
  'the history of a joined room is shown in order'() {
    const client = newClient().inRoom({ seq: 5, messages: [message(4), message(2)] });
    equal(client.texts(), ['m2', 'm4']);
    equal([client.room().seq, client.room().unread], [5, 0]);
  },
  'frames ahead of their turn are held back until the missing frame arrives'() {
    const client = newClient().inRoom({ seq: 1 });
    client.receive(clientMessage(4), clientMessage(3));
    equal(client.texts(), []);
    client.receive(clientMessage(2));
    equal(client.texts(), ['m2', 'm3', 'm4']);
    equal([client.room().seq, client.room().heldBack.size], [4, 0]);
    equal(client.advance(5000).sent(), []);
  },
  'duplicate frames are applied once'() {
    const client = newClient().inRoom({ seq: 1 });
    client.receive(...[2, 2, 4, 4, 3, 3, 2].map((seq) => clientMessage(seq)));
    equal(client.texts(), ['m2', 'm3', 'm4']);
  },
  'joins and leaves change the roster in the order of their seq'() {
    const client = newClient().inRoom({ seq: 1 });
    client.receive(memberLeft(3, 'bob'));
    equal(client.room().members, ['ada', 'bob']);
    client.receive(memberJoined(2, 'cy'));
    equal(client.room().members, ['ada', 'cy']);
  },
  'events that arrive before the answer to the join are applied after it'() {
    const client = newClient().online(['r']).input('join', { room: 'r' });
    client.receive(clientMessage(3), memberJoined(4, 'cy'));
    equal(client.texts(), []);
    client.receive(history({ seq: 2, messages: [message(1)] }));
    equal([client.texts(), client.room().members, client.room().seq], [['m1', 'm3'], ['ada', 'bob', 'cy'], 4]);
  },
  'an event that the history already contains is not applied again'() {
    const client = newClient().online(['r']).input('join', { room: 'r' });
    client.receive(clientMessage(2), memberLeft(3, 'cy'), history({ seq: 3, messages: [message(2)] }));
    equal([client.texts(), client.room().members, client.room().seq], [['m2'], ['ada', 'bob'], 3]);
  },
};

const gaps = {
  'a gap is requested after its delay and not before'() {
    const client = newClient().inRoom({ seq: 1, messages: [message(1)] });
    client.receive(clientMessage(4));
    equal(client.advance(TIMING.gapDelay - 1).sent(), []);
    equal(joins(client.advance(1).sent()), [['r', 0]]);
    client.receive(history({ seq: 5, messages: [message(1), message(2), message(4)] }));
    equal([client.texts(), client.room().seq, client.room().gapAt], [['m1', 'm2', 'm4'], 5, null]);
    equal(client.advance(20_000).sent(), []);
  },
  'a gap that the history does not fill is requested again at growing intervals'() {
    const client = newClient().inRoom({ seq: 1 });
    client.receive(clientMessage(9));
    let requests = 0;
    for (let i = 0; i < 60; i++) {
      const frames = joins(client.advance(1000).sent());
      requests += frames.length;
      if (frames.length > 0) client.receive(history({ seq: 1 }));
    }
    check(requests >= 3 && requests <= 8, `${requests} requests in a minute`);
  },
  'an ack with a later seq reveals a gap'() {
    const client = newClient().inRoom({ seq: 1 }).write('x', 'hi');
    client.sent();
    client.receive(dispatchAck('x', 3));
    equal(joins(client.advance(TIMING.gapDelay).sent()), [['r', 0]]);
  },
  'a stale history does not replace newer state'() {
    const client = newClient().inRoom({ seq: 5, messages: [message(5)] });
    client.receive(clientMessage(6), history({ seq: 3, messages: [message(3)], members: ['ada'] }));
    equal([client.room().seq, client.room().members], [6, ['ada', 'bob']]);
    client.receive(clientMessage(7));
    equal(client.texts(), ['m3', 'm5', 'm6', 'm7']);
  },
  'a history older than the events received since is requested again'() {
    const client = newClient().inRoom({ seq: 5, messages: [message(5)] }).receive(clientMessage(9));
    client.advance(TIMING.gapDelay).sent();
    client.receive(clientMessage(6), history({ seq: 5, messages: [message(5)] }));
    equal(joins(client.advance(3000).sent()), [['r', 5]]);
  },
};

const longAnswers = {
  'a history with more pages is requested page by page'() {
    const client = newClient().online(['r']).input('join', { room: 'r' });
    client.sent();
    client.receive(history({ seq: 9, messages: [message(1), message(2)], more: true }));
    equal(joins(client.sent()), [['r', 2]]);
    client.receive(clientMessage(10));
    client.receive(history({ seq: 9, messages: [message(4), message(6)], more: true }));
    equal(joins(client.sent()), [['r', 6]]);
    equal(client.texts(), ['m1', 'm2', 'm4', 'm6']);
    client.receive(history({ seq: 9, messages: [message(7)] }));
    equal([client.texts(), client.room().seq, client.room().request], [['m1', 'm2', 'm4', 'm6', 'm7', 'm10'], 10, null]);
  },
  'after a repeated page the client waits for the next page and requests it again after a timeout'() {
    const client = newClient().online(['r']).input('join', { room: 'r' });
    client.receive(history({ seq: 9, messages: [message(1), message(2)], more: true }));
    client.sent();
    client.receive(history({ seq: 9, messages: [message(1), message(2)], more: true }));
    equal(client.advance(TIMING.answerTimeout - 1).sent(), []);
    equal(joins(client.advance(2_000).sent()), [['r', 1]]);
    client.receive(history({ seq: 9, messages: [message(2), message(5)] }));
    equal([client.texts(), client.room().seq], [['m1', 'm2', 'm5'], 9]);
  },
  'earlier messages are requested page by page and shown once they are complete'() {
    const client = newClient().inRoom({ seq: 130, messages: [message(129), message(130)] });
    client.input('load-earlier', { room: 'r' });
    equal(joins(client.sent()), [['r', 78]]);
    client.receive(history({ seq: 130, messages: [message(80), message(90)], more: true }));
    equal([client.texts(), joins(client.sent())], [['m129', 'm130'], [['r', 90]]]);
    client.receive(clientMessage(131));
    client.receive(history({ seq: 131, messages: [message(128), message(129), message(130), message(131)] }));
    equal(client.texts(), ['m80', 'm90', 'm128', 'm129', 'm130', 'm131']);
    equal([client.room().unread, client.room().historyComplete, client.room().request], [0, false, null]);
  },
  'if the range before the first message is empty, larger ranges are requested down to the start of the room'() {
    const client = newClient().inRoom({ seq: 1001, messages: [message(1001)] });
    client.input('load-earlier', { room: 'r' }).input('load-earlier', { room: 'r' });
    for (const since of [950, 800, 200, 0]) {
      equal(joins(client.sent()), [['r', since]]);
      client.receive(history({ seq: 1001, messages: [message(1001)] }));
    }
    equal([client.texts(), client.room().historyComplete], [['m1001'], true]);
    client.input('load-earlier', { room: 'r' });
    equal(client.sent(), []);
  },
  'a room that the user created has no earlier messages'() {
    const client = newClient().online().input('create', { room: 'r' });
    client.receive(roomAck(7), clientMessage(8));
    client.sent();
    equal(client.input('load-earlier', { room: 'r' }).sent(), []);
  },
  'a request for earlier messages is repeated after a timeout and dropped when the connection is lost'() {
    const client = newClient().inRoom({ seq: 60, messages: [message(60)] });
    client.input('load-earlier', { room: 'r' });
    client.advance(TIMING.answerTimeout + 2_000);
    equal(joins(client.sent()), [['r', 9], ['r', 9]]);
    client.reconnect().online().sent();
    client.receive(history({ seq: 60, messages: [message(60)] }));
    equal([client.texts(), client.room().request], [['m60'], null]);
  },
  'a history for another request is not taken for earlier messages'() {
    const client = newClient().inRoom({ seq: 60, messages: [message(58), message(60)] });
    client.input('load-earlier', { room: 'r' }).sent();
    client.receive(history({ seq: 61, messages: [message(60), message(61)] }));
    equal([client.texts(), client.room().historyComplete], [['m58', 'm60', 'm61'], false]);
  },
  'a further part of a long roster does not end the paging'() {
    const client = newClient().online(['r']).input('join', { room: 'r' });
    client.receive(history({ seq: 9, messages: [message(1)], members: ['ada', 'bob'], more: true }));
    client.receive(history({ seq: 9, members: ['cy', 'di'] }));
    equal([client.room().members, client.room().seq], [['ada', 'bob', 'cy', 'di'], 1]);
    client.receive(history({ seq: 9, messages: [message(8)], members: ['ada', 'bob'] }));
    equal([client.texts(), client.room().seq, client.room().members.length], [['m1', 'm8'], 9, 4]);
  },
  'a member that left is not added again by a later part of the roster'() {
    const client = newClient().inRoom({ seq: 5, members: ['ada', 'bob'] });
    client.receive(memberLeft(6, 'di'), memberJoined(7, 'ed'));
    client.receive(history({ seq: 5, members: ['cy', 'di'] }));
    equal(client.room().members, ['ada', 'bob', 'cy', 'ed']);
  },
  'a newer roster replaces the roster and an older one does not'() {
    const client = newClient().inRoom({ seq: 5, members: ['ada', 'bob'] });
    client.receive(history({ seq: 8, members: ['ada', 'cy'] }));
    equal(client.room().members, ['ada', 'cy']);
    client.receive(history({ seq: 6, members: ['ada', 'bob', 'zoe'] }));
    equal(client.room().members, ['ada', 'cy']);
  },
  'joins and leaves before the seq of the roster do not change it'() {
    const client = newClient().online(['r']).input('join', { room: 'r' });
    client.receive(memberJoined(3, 'cy'));
    client.receive(history({ seq: 9, messages: [message(1), message(2)], members: ['ada', 'bob'], more: true }));
    equal([client.room().seq, client.room().members], [3, ['ada', 'bob']]);
  },
};

const sending = {
  'a message is pending until its event arrives, in either order of ack and event'() {
    for (const order of [[0, 1], [1, 0]]) {
      const client = newClient().inRoom({ seq: 1 }).write('x', 'hi');
      equal(client.sent(), [{ action: 'dispatch', value: 'hi', room: 'r', id: 'x' }]);
      const frames = [dispatchAck('x', 2), clientMessage(2, 'hi', 'ada', 'x')];
      for (const i of order) client.receive(frames[i]);
      equal([client.texts(), client.outbox()], [['hi'], []]);
      equal(client.advance(60_000).sent(), []);
    }
  },
  "the event of the user's own message marks it as stored even when it is held back"() {
    const client = newClient().inRoom({ seq: 1 }).write('x', 'hi');
    client.receive(clientMessage(3, 'hi', 'ada', 'x'));
    equal([client.texts(), client.outbox()], [[], [['x', 'stored']]]);
  },
  'messages are sent one at a time in the order of writing'() {
    const client = newClient().inRoom({ seq: 1 });
    for (const id of ['x', 'y']) client.write(id, id);
    equal(dispatches(client.sent()), ['x']);
    equal(dispatches(client.receive(dispatchAck('x', 2)).sent()), ['y']);
  },
  'a message written offline is sent after the reconnect'() {
    const client = newClient().inRoom({ seq: 1, messages: [message(1)] }).input('closed', { retryAt: 0 });
    client.write('x', 'hi');
    equal(client.sent(), []);
    client.input('opened').receive(signup(['r']));
    equal(dispatches(client.sent()), []);
    client.receive(history({ seq: 3, messages: [message(1)] }));
    equal(dispatches(client.sent()), ['x']);
  },
  'a message rejected as busy is sent again with the same id and a growing delay'() {
    const client = newClient().inRoom({ seq: 1 }).write('x', 'hi');
    const waits = [];
    client.sent();
    for (let i = 0; i < 4; i++) {
      client.receive(errorResponse('busy', 'dispatch', { id: 'x', room: 'r' }));
      const before = client.now;
      let again = [];
      while (again.length === 0) again = dispatches(client.advance(50).sent());
      equal(again, ['x']);
      waits.push(client.now - before);
    }
    check(waits.at(-1) > waits[0] * 2, `no backoff: ${waits}`);
    client.receive(dispatchAck('x', 2), clientMessage(2, 'hi', 'ada', 'x'));
    equal([client.texts(), client.outbox()], [['hi'], []]);
  },
  'a message without an answer is not sent again if the history contains it'() {
    const client = newClient().inRoom({ seq: 1, messages: [message(1)] }).write('x', 'hi');
    client.sent();
    equal(client.advance(TIMING.answerTimeout - 1).sent(), []);
    equal(client.advance(1).sent(), [{ action: 'join-room', value: 'r', since: 0 }]);
    client.receive(history({ seq: 2, messages: [message(1), message(2, 'hi', 'ada', 'x')] }));
    equal([client.texts(), client.outbox()], [['m1', 'hi'], []]);
    equal(client.advance(60_000).sent(), []);
  },
  'a roster part that arrives before the history does not cause a second send'() {
    const client = newClient().inRoom({ seq: 3, messages: [message(3)] }).write('x', 'hi');
    client.advance(TIMING.answerTimeout).sent();
    client.receive(history({ seq: 40, members: ['cy'] }));
    equal(dispatches(client.advance(5000).sent()), []);
    client.receive(history({ seq: 40, messages: [message(3), message(4, 'hi', 'ada', 'x')], members: ['ada'] }));
    equal([client.texts(), client.room().seq, client.room().members], [['m3', 'hi'], 40, ['ada', 'cy']]);
    equal(dispatches(client.advance(60_000).sent()), []);
  },
  'a message without an answer is sent again with the same id if the history does not contain it'() {
    const client = newClient().inRoom({ seq: 1 }).write('x', 'hi');
    client.advance(TIMING.answerTimeout).sent();
    client.receive(history({ seq: 1 }));
    equal(client.advance(5000).sent(), [{ action: 'dispatch', value: 'hi', room: 'r', id: 'x' }]);
  },
  'after a reconnect only messages that the complete history does not contain are sent again'() {
    const client = newClient().inRoom({ seq: 3, messages: [message(3)] });
    client.write('x', 'one');
    client.reconnect();
    client.write('y', 'two');
    client.sent();
    client.receive(signup(['r']));
    const frames = client.sent();
    equal([dispatches(frames), joins(frames)], [[], [['r', 2]]]);
    client.receive(history({ seq: 9, messages: [message(3), message(5)], more: true }));
    equal([dispatches(client.sent()), client.outbox()], [[], [['x', 'queued'], ['y', 'queued']]]);
    client.receive(history({ seq: 9, messages: [message(6, 'one', 'ada', 'x')] }));
    equal([dispatches(client.sent()), client.texts()], [['y'], ['m3', 'm5', 'one']]);
  },
  'a rejected message stays with its error until it is edited, sent again or discarded'() {
    const client = newClient().inRoom({ seq: 1 });
    const reject = (id) => {
      client.write(id, `text ${id}`);
      client.receive(errorResponse('too-long', 'dispatch', { id, room: 'r' }));
      equal(client.outbox(), [[id, 'failed']]);
      equal(client.room().outbox[0].error.code, 'too-long');
    };
    reject('x');
    equal(dispatches(client.advance(60_000).sent()), ['x']);
    client.input('edit', { id: 'x' });
    equal([client.room().draft, client.outbox()], ['text x', []]);
    reject('y');
    client.input('discard', { id: 'y' });
    equal(client.outbox(), []);
    reject('z');
    client.sent();
    equal(dispatches(client.input('retry', { id: 'z' }).sent()), ['z']);
  },
  'a rejected message does not hold up the next one'() {
    const client = newClient().inRoom({ seq: 1 });
    client.write('x', 'bad').write('y', 'good');
    client.receive(errorResponse('control-character', 'dispatch', { id: 'x', room: 'r' }));
    equal(dispatches(client.sent()), ['x', 'y']);
  },
  'a message rejected with not-a-member is sent again after a rejoin'() {
    const client = newClient().inRoom({ seq: 4, messages: [message(4)] }).write('x', 'hi');
    client.sent();
    client.receive(errorResponse('not-a-member', 'dispatch', { id: 'x', room: 'r' }));
    equal(joins(client.sent()), [['r', 3]]);
    client.receive(history({ seq: 8, messages: [message(4)] }));
    equal(dispatches(client.advance(10_000).sent()), ['x']);
  },
  'a stored message from before the known part of the history is shown'() {
    const client = newClient().inRoom({ seq: 90, messages: [message(80)] }).write('x', 'hi');
    client.receive(dispatchAck('x', 20));
    equal([client.texts(), client.outbox()], [['hi', 'm80'], []]);
  },
  'a gateway failure fails the only open request and no request if there are several'() {
    const failure = { message: 'Internal server error', connectionId: 'c=', requestId: 'q' };
    const client = newClient().inRoom({ seq: 1 }).write('x', 'hi');
    client.sent();
    client.receive(failure);
    equal(dispatches(client.advance(TIMING.answerTimeout - 1).sent()), ['x']);
    const two = newClient().inRoom({ seq: 1 }).write('x', 'hi').input('join', { room: 's' });
    two.sent();
    two.receive(failure);
    equal(two.advance(TIMING.answerTimeout - 1).sent(), []);
  },
  'malformed frames are ignored'() {
    const client = newClient().inRoom({ seq: 1 });
    const junk = ['', 'null', '[]', '7', '{', '"x"', '{}', '{"type":7}', '{"type":"constructor"}', '{"type":"__proto__"}', '{"type":"nonsense"}',
      '{"type":"multi-message"}', '{"type":"multi-message","room":"r","seq":"x"}', '{"type":"multi-message","room":"r","seq":2,"messages":[null,7,{}],"members":{}}',
      '{"type":"client-message","room":"r","seq":3}', '{"type":"client-message","room":"r","seq":-1,"user":"a","message":"b"}', '{"type":"member-joined"}',
      '{"type":"signup"}', '{"type":"single-room"}', '{"type":"delete-room"}', '{"type":"ack"}', '{"type":"ack","action":"dispatch","id":"no"}', '{"type":"error"}',
      '{"type":"error","code":null,"action":"dispatch"}', '{"type":"error","code":"blank","action":"join-room","room":{}}'];
    for (const data of junk) client.input('received', { data });
    equal(client.texts(), []);
    client.receive(clientMessage(2));
    equal(client.texts(), ['m2']);
  },
};

const reconnects = {
  'a reconnect sends the resume key and requests the history from a known message on'() {
    const client = newClient().inRoom({ seq: 7, messages: [message(5)] }).reconnect();
    equal(client.sent(), [{ action: 'register', value: 'ada', key: 'k-ada' }]);
    client.receive(signup(['r']));
    equal(joins(client.sent()), [['r', 4]]);
    equal(status(client.state), 'rejoining');
    client.receive(history({ seq: 9, messages: [message(5), message(8)] }));
    equal([client.texts(), client.room().incarnation, status(client.state)], [['m5', 'm8'], 0, 'online']);
  },
  'a name taken during an outage shows the error and keeps drafts and unsent messages'() {
    const client = newClient().inRoom({ seq: 1, messages: [message(1)] }).input('draft', { room: 'r', text: 'half a th' });
    client.input('closed', { retryAt: 0 }).write('x', 'unsent').input('draft', { room: 'r', text: 'half' });
    client.input('opened').receive(errorResponse('name-taken', 'register'));
    equal([client.state.session.phase, client.state.session.error.code, status(client.state)], ['signed-out', 'name-taken', 'open']);
    equal([client.room().draft, client.outbox()], ['half', [['x', 'queued']]]);
    client.sent();
    client.input('register', { name: 'ada2' });
    equal(client.sent(), [{ action: 'register', value: 'ada2' }]);
    client.receive(signup(['r'], 'k2', 'ada2'), history({ seq: 2, messages: [message(1)] }));
    equal(dispatches(client.sent()), ['x']);
  },
  'a superseded client stays disconnected until the user takes the name over again'() {
    const client = newClient().inRoom({ seq: 1 }).write('x', 'hi');
    client.receive({ type: 'error', code: 'signed-in-elsewhere', message: 'moved' });
    equal([client.effects().includes('disconnect'), status(client.state), deadline(client.state)], [true, 'superseded', null]);
    client.sent();
    client.input('closed', { retryAt: 0 }).input('opened').advance(100_000);
    equal([client.sent(), status(client.state)], [[], 'superseded']);
    client.input('take-over');
    equal(client.effects(), ['connect']);
    client.input('opened');
    equal(client.sent(), [{ action: 'register', value: 'ada', key: 'k-ada' }]);
    client.receive(signup(['r']), history({ seq: 4, messages: [message(2, 'hi', 'ada', 'x')] }));
    equal([client.texts(), client.outbox(), status(client.state)], [['hi'], [], 'online']);
  },
  'a room lost by the server is created again and keeps its messages on screen'() {
    const client = newClient().inRoom({ seq: 7, messages: [message(6)] }).write('x', 'hi').reconnect();
    client.receive(signup([], 'new'));
    client.sent();
    client.receive(errorResponse('no-such-room', 'join-room', { room: 'r' }));
    equal(client.sent(), [{ action: 'new-room', value: 'r' }]);
    client.receive(roomAck(1));
    equal([dispatches(client.sent()), client.texts(), client.room().members], [['x'], ['m6'], ['ada']]);
    client.receive(clientMessage(2, 'hi', 'ada', 'x'), memberJoined(3, 'bob'), clientMessage(4, 'welcome', 'bob', 'w'));
    equal([client.texts(), client.room().seq, status(client.state)], [['m6', 'hi', 'welcome'], 4, 'online']);
  },
  'a room lost by the server and created by another client is joined without an anchor'() {
    const client = newClient().inRoom({ seq: 7, messages: [message(6)] }).reconnect();
    client.receive(signup([], 'new'), errorResponse('no-such-room', 'join-room', { room: 'r' }));
    client.sent();
    client.receive(errorResponse('room-exists', 'new-room', { room: 'r' }));
    equal(joins(client.sent()), [['r', null]]);
    client.receive(history({ seq: 3, messages: [message(2, 'new life', 'bob', 'n')] }));
    equal([client.texts(), client.room().seq], [['m6', 'new life'], 3]);
  },
  'a lower seq after a reconnect starts a new incarnation without duplicate messages'() {
    const client = newClient().inRoom({ seq: 7, messages: [message(5), message(6)] }).reconnect();
    client.receive(signup(['r'], 'new'));
    client.sent();
    client.receive(history({ seq: 3, messages: [] }));
    equal(joins(client.sent()), [['r', null]]);
    client.receive(history({ seq: 3, messages: [message(2, 'again', 'bob', 'n'), { ...message(3), ...message(6), seq: 3 }] }));
    equal([client.texts(), client.room().seq], [['m5', 'm6', 'again'], 3]);
    client.receive(clientMessage(4));
    equal(client.texts(), ['m5', 'm6', 'again', 'm4']);
    client.receive(history({ seq: 4, messages: [message(1, 'first', 'bob', 'f'), message(2, 'again', 'bob', 'n'), message(4)] }));
    equal(client.texts(), ['m5', 'm6', 'first', 'again', 'm4']);
  },
  'a stored message missing from the history starts a new incarnation'() {
    const client = newClient().inRoom({ seq: 2 }).write('x', 'hi').receive(dispatchAck('x', 4)).reconnect();
    client.receive(signup(['r'], 'new'));
    client.receive(history({ seq: 9, messages: [message(3, 'other', 'bob', 'o3'), message(8, 'other 8', 'bob', 'o8')] }));
    equal(joins(client.sent()).at(-1), ['r', null]);
    client.receive(history({ seq: 9, messages: [message(3, 'other', 'bob', 'o3'), message(8, 'other 8', 'bob', 'o8')] }));
    equal([client.texts(), client.outbox(), client.room().phase], [['other', 'other 8', 'hi'], [], 'live']);
  },
  'a message from a server that does not repeat ids is recognised by its seq'() {
    for (const order of [[0, 1], [1, 0]]) {
      const client = newClient().inRoom({ seq: 1 }).write('x', 'hi');
      const frames = [dispatchAck('x', 2), { ...clientMessage(2, 'hi', 'ada'), id: undefined }];
      for (const i of order) client.receive(frames[i]);
      equal([client.texts(), client.outbox()], [['hi'], []]);
    }
  },
  'a missing anchor starts a new incarnation even with a higher seq'() {
    const client = newClient().inRoom({ seq: 4, messages: [message(3), message(4)] }).reconnect();
    client.receive(signup(['r'], 'new'));
    equal(joins(client.sent()), [['r', 3]]);
    client.receive(history({ seq: 9, messages: [message(4, 'other', 'bob', 'o4'), message(5, 'other 5', 'bob', 'o5')] }));
    equal(joins(client.sent()), [['r', null]]);
    client.receive(history({ seq: 9, messages: [message(2, 'other 2', 'bob', 'o2'), message(4, 'other', 'bob', 'o4'), message(5, 'other 5', 'bob', 'o5')] }));
    equal(client.texts(), ['m3', 'm4', 'other 2', 'other', 'other 5']);
  },
  'a part of a roster that arrives before its history does not start a new incarnation'() {
    const client = newClient().inRoom({ seq: 4, messages: [message(4)] }).reconnect();
    client.receive(signup(['r']));
    client.sent();
    client.receive(history({ seq: 9, members: ['cy'] }));
    equal(joins(client.advance(TIMING.emptyHistoryRetry).sent()), [['r', 3]]);
    client.receive(history({ seq: 9, messages: [message(4), message(7)] }));
    equal([client.texts(), client.room().incarnation, client.room().members], [['m4', 'm7'], 0, ['ada', 'bob', 'cy']]);
  },
  'a roster part that belongs to an ignored history does not count as the next history'() {
    const client = newClient().inRoom({ seq: 60, messages: [message(60)] }).reconnect();
    client.receive(signup(['r'], 'new'));
    client.receive(history({ seq: 31, members: ['ada', 'bob'] }));
    equal(joins(client.sent()), [['r', 59], ['r', null]]);
    client.receive(history({ seq: 31, members: ['cy'] }), history({ seq: 31, members: ['di'] }));
    client.receive(history({ seq: 31, messages: [message(2, 'new'), message(30, 'newer')], members: ['ada', 'bob'] }));
    equal([client.texts(), client.room().seq, client.room().members], [['m60', 'new', 'newer'], 31, ['ada', 'bob', 'cy', 'di']]);
  },
  'an empty history is believed when the second request gets it, too'() {
    const client = newClient().inRoom({ seq: 1 }).reconnect();
    client.receive(signup(['r']), history({ seq: 3 }));
    equal(client.room().phase, 'joining');
    client.advance(TIMING.emptyHistoryRetry).receive(history({ seq: 3 }));
    equal([client.room().phase, client.room().seq, client.room().request], ['live', 3, null]);
  },
};

const reloads = {
  'a reload keeps name, key, rooms, drafts and unsent messages, and sends each message once'() {
    const before = newClient().inRoom({ seq: 60, messages: [message(60)] });
    before.write('x', 'under way').write('y', 'waiting');
    before.input('draft', { room: 'r', text: 'half' });
    equal(snapshot(before.state).rooms[0].outbox.map(({ id, status }) => [id, status]), [['x', 'queued'], ['y', 'queued']]);
    const client = before.reload().input('opened');
    equal(client.sent(), [{ action: 'register', value: 'ada', key: 'k-ada' }]);
    client.receive(signup(['r']));
    equal(joins(client.sent()), [['r', 9]]);
    equal([client.state.selected, client.room().draft, client.outbox()], ['r', 'half', [['x', 'queued'], ['y', 'queued']]]);
    client.receive(history({ seq: 70, messages: [message(30), message(40)], more: true }));
    equal(client.sent(), [{ action: 'join-room', value: 'r', since: 40 }]);
    client.receive(history({ seq: 70, messages: [message(60), message(61, 'under way', 'ada', 'x')] }));
    equal([dispatches(client.sent()), client.texts()], [['y'], ['m30', 'm40', 'm60', 'under way']]);
  },
  'a reload without unsent messages requests the latest history and keeps the unread count'() {
    const before = newClient().inRoom({ seq: 9, messages: [message(9)] }).input('select', { room: null });
    before.receive(clientMessage(10));
    equal(before.room().unread, 1);
    const client = before.reload().input('opened').receive(signup(['r']));
    equal(joins(client.sent()), [['r', null]]);
    client.receive(history({ seq: 12, messages: [message(9), message(10), message(11)] }));
    equal(client.room().unread, 2);
  },
  'a reload after the server lost the room starts a new incarnation and sends unsent messages'() {
    const before = newClient().inRoom({ seq: 60, messages: [message(60)] }).write('x', 'hi');
    const client = before.reload().input('opened').receive(signup(['r'], 'n'));
    client.sent();
    client.receive(history({ seq: 2, messages: [] }));
    equal(joins(client.sent()), [['r', null]]);
    client.receive(history({ seq: 2, messages: [message(1)] }));
    equal([dispatches(client.sent()), client.texts()], [['x'], ['m1']]);
  },
  'signing out removes the whole state'() {
    const client = newClient().inRoom({ seq: 1 }).input('sign-out');
    equal([snapshot(client.state), client.state.rooms.size, client.effects().includes('reconnect')], [null, 0, true]);
  },
};

const unread = {
  'messages of other users are unread while the page is hidden'() {
    const client = newClient().inRoom({ seq: 1 });
    client.receive(clientMessage(2));
    equal(client.room().unread, 0);
    client.input('visibility', { visible: false }).receive(clientMessage(3), clientMessage(4, 'mine', 'ada', 'me'));
    equal([client.room().unread, client.room().dividerKey], [1, '0/3']);
    client.input('visibility', { visible: true });
    equal(client.room().unread, 0);
  },
};

const connections = {
  'an idle connection gets a keep-alive frame, whose error response has no effect'() {
    const client = newClient().inRoom({ seq: 1 });
    equal(client.advance(TIMING.keepAlive - 1).sent(), []);
    equal(client.advance(1).sent(), [{ action: 'keep-alive' }]);
    const before = client.state;
    client.receive({ type: 'error', code: 'unknown-action', message: 'unknown action' });
    equal([client.state.session, client.state.roomForm], [before.session, before.roomForm]);
    check(TIMING.keepAlive < 10 * 60_000, 'API Gateway closes after ten minutes');
  },
  'an unregistered connection gets no keep-alive frame'() {
    equal(deadline(newClient().input('opened').state), null);
  },
  'a probed connection without an answer is replaced'() {
    const alive = newClient().inRoom({ seq: 1 }).input('probe');
    equal(alive.sent(), [{ action: 'keep-alive' }]);
    alive.advance(100).receive({ type: 'error', code: 'unknown-action', message: '' });
    alive.advance(TIMING.probeTimeout * 2);
    equal(alive.effects().includes('reconnect'), false);
    const dead = newClient().inRoom({ seq: 1 }).input('probe').advance(TIMING.probeTimeout);
    equal(dead.effects().includes('reconnect'), true);
  },
  'a connection that leaves two requests unanswered is replaced'() {
    const client = newClient().inRoom({ seq: 1 }).write('x', 'hi');
    client.effects();
    client.advance(120_000);
    equal(client.effects(), ['reconnect']);
    equal(client.outbox(), [['x', 'queued']]);
  },
  'a message rejected with not-registered leads to a new connection'() {
    const client = newClient().inRoom({ seq: 1 }).write('x', 'hi');
    client.receive(errorResponse('not-registered', 'dispatch', { id: 'x' }));
    equal([client.effects().at(-1), client.outbox()], ['reconnect', [['x', 'queued']]]);
  },
};

/** Test functions by name; a test fails by throwing. */
export const tests = {
  ...text, ...registration, ...rooms, ...ordering, ...gaps, ...longAnswers, ...sending, ...reconnects, ...reloads, ...unread, ...connections,
};
