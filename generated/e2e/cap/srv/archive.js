// The handlers of the service; what CAP does by itself is not here.
const cds = require('@sap/cds');

module.exports = class Archive extends cds.ApplicationService {
  async init() {
    const { Samples, Words, Orders, Items, Slots, Settings } = this.entities;

    for (const name of Object.keys(this.operations).filter((n) => n.startsWith('echo'))) {
      this.on(name, (req) => text(req.data.value));
    }
    this.on('nothing', () => null);
    this.on('sample', (req) => SELECT.one.from(Samples, req.data.id));
    this.on('samples', () => SELECT.from(Samples).orderBy('id'));
    this.on('mirror', (req) => req.data);
    this.on('reset', () => {});
    this.on('fail', (req) => req.reject({ status: req.data.status, code: req.data.code, message: 'as asked', target: 'status' }));
    this.on('addWords', async (req) => {
      await INSERT.into(Words).entries(req.data.words.map((word) => ({ word })));
      return req.data.words.length;
    });
    this.on('store', async (req) => {
      await UPSERT.into(Samples).entries(req.data.sample);
      return SELECT.one.from(Samples, req.data.sample.id);
    });

    this.on('reserve', Slots, async (req) => {
      await UPDATE(req.subject).with({ free: false });
      return SELECT.one.from(req.subject);
    });
    this.on('distance', Slots, (req) => Math.abs(req.params.at(-1).level - req.data.level));
    this.on('ship', Orders, async (req) => {
      const { carrier, weight, when } = req.data;
      await UPDATE(req.subject).with({ title: `${carrier} ${weight} ${when}` });
      return SELECT.one.from(req.subject);
    });
    this.on('cancel', Orders, (req) => UPDATE(req.subject).with({ title: 'cancelled' }));
    this.on('total', Orders, async (req) => {
      const items = await SELECT.from(Items).where({ order_id: id(req) });
      return items.reduce((sum, item) => sum + Number(item.price), 0).toFixed(2);
    });
    this.on('find', Orders, (req) => SELECT.from(Items).where({ order_id: id(req), name: { like: `%${req.data.text}%` } }));
    this.on('none', Orders, () => null);
    this.on('addAll', Orders, (req) => req.data.items.map((line, i) => ({ id: 100 + i, order_id: id(req), ...line })));

    this.before('UPDATE', Orders, async (req) => {
      const { version } = await SELECT.one.from(Orders, id(req)).columns('version') ?? {};
      req.data.version = (version ?? 0) + 1;
    });
    cds.on('served', () => INSERT.into(Settings).entries({ language: 'en', limit: 0 }));
    await super.init();
  }
};

const id = (req) => req.params.at(-1).id ?? req.params.at(-1);
const text = (value) => Buffer.isBuffer(value) ? value.toString('base64') : value;
