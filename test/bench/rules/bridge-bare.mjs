// What a rule is measured against: a bridge with the bare library, which acknowledges before it sends. Usage: bridge-bare.mjs <port> <qos>
import mqtt from 'mqtt';

const [port, qos] = process.argv.slice(2).map(Number);
const connect = () => mqtt.connect({ host: '127.0.0.1', port, protocolVersion: 5 });
const source = connect();
const target = connect();
source.handleMessage = ({ topic, payload }, done) => {
	target.publish(`out/${topic.slice(3)}`, payload, { qos });
	done();
};
target.on('connect', () => source.subscribe('in/#', { qos }));
