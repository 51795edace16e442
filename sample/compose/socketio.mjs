// A Socket.IO 4 server: echoes "message", answers "time" with an acknowledgement, and emits "tick" every two seconds.
import { Server } from 'socket.io';

const io = new Server(3000);
io.on('connection', (socket) => {
	socket.on('message', (...values) => {
		const acknowledge = typeof values.at(-1) === 'function' ? values.pop() : undefined;
		socket.emit('message', ...values);
		acknowledge?.(...values);
	});
	socket.on('time', (...values) => {
		const acknowledge = values.at(-1);
		if (typeof acknowledge === 'function') acknowledge({ now: new Date().toISOString() });
	});
});
setInterval(() => io.emit('tick', { at: Date.now() }), 2000);
