/** Writes a block so many times, as fast as the socket takes it, once the client has had a moment to open. */
export function pour(socket, block, blocks) {
	let left = blocks;
	const more = () => {
		while (left > 0) {
			left--;
			if (!socket.write(block)) return;
		}
	};
	socket.on('drain', more);
	setTimeout(more, 50);
}
