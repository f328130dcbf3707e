// Serves a description as OData, from rows in files: node odata.js DESCRIPTION FOLDER PORT
const http = require('http');
const Server = require('@sap-ux/fe-mockserver-core').default;

const [metadataPath, mockdataPath, port] = process.argv.slice(2);
const server = new Server({
	services: [{ urlPath: '/v1.0', metadataPath, mockdataPath, generateMockData: false, watch: false }],
	annotations: [],
	plugins: [],
});
const missing = (res) => () => { res.statusCode = 404; res.end(); };
server.isReady.then(() => http
	.createServer((req, res) => server.getRouter()(req, res, missing(res)))
	.listen(port, '127.0.0.1', () => console.log('listening on', port)));
