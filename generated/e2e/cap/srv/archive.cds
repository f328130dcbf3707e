// A service with every kind of key, value, relation and operation that CAP has.

type Place {
  city : String;
  zip  : Integer;
}

@path: '/archive'
service Archive {

  // Sample has a property of every type.
  entity Samples {
    key id      : Integer;
        text    : String;
        note    : LargeString;
        tiny    : UInt8;
        small   : Int16;
        number  : Integer;
        big     : Int64;
        amount  : Decimal(20, 4);
        exact   : Decimal;
        ratio   : Double;
        flag    : Boolean;
        token   : UUID;
        day     : Date;
        clock   : Time;
        moment  : DateTime;
        instant : Timestamp;
        raw     : Binary(64);
        tags    : many String;
        places  : many Place;
  }

  // Word has a text as key, and pages of ten.
  @cds.query.limit: { default: 10, max: 10 }
  @cds.search: { word, meaning }
  entity Words {
    key word    : String;
        meaning : String;
        length  : Integer;
        parent  : Association to Words;
        derived : Association to many Words on derived.parent = $self;
  }

  // Box has a UUID as key, which the service gives.
  entity Boxes {
    key id    : UUID;
        label : String;
        slot  : Association to Slots;
  }

  // Slot has a key of two properties, Cell one of four.
  entity Slots {
    key depot : String;
    key level : Integer;
        free  : Boolean;
        boxes : Association to many Boxes on boxes.slot = $self;
  } actions {
    action   reserve(by : String) returns Slots;
    function distance(depot : String, level : Integer) returns Integer;
  }

  entity Cells {
    key a : Integer;
    key b : String;
    key c : UUID;
    key d : Date;
        value : String;
  }

  entity Moments {
    key at : Timestamp;
        text : String;
  }

  entity Bigs {
    key id : Int64;
        text : String;
  }

  // Order is composed of its items; its version is the ETag.
  entity Orders {
    key id      : Integer;
        title   : String;
        @odata.etag
        version : Integer default 1;
        items   : Composition of many Items on items.order = $self;
        box     : Association to Boxes;
        address : Composition of one Addresses;
  } actions {
    action   ship(carrier : String, weight : Decimal(10, 2), when : DateTime) returns Orders;
    action   cancel();
    function total() returns Decimal(10, 2);
    function find(text : String) returns many Items;
    function none() returns Items;
    action   addAll(items : many Line) returns many Items;
  }

  type Line {
    name  : String;
    price : Decimal(10, 2);
  }

  entity Items {
    key id    : Integer;
    key order : Association to Orders;
        name  : String;
        price : Decimal(10, 2);
        parts : Composition of many Parts on parts.item = $self;
  }

  entity Parts {
    key id   : UUID;
        item : Association to Items;
        name : String;
  }

  entity Addresses {
    key id   : UUID;
        city : String;
  }

  // Picture has a media stream.
  entity Pictures {
    key id      : Integer;
        name    : String;
        @Core.MediaType: type
        content : LargeBinary;
        @Core.IsMediaType
        type    : String;
  }

  // Project is edited as a draft.
  @odata.draft.enabled
  entity Projects {
    key id    : UUID;
        name  : String;
        tasks : Composition of many Tasks on tasks.project = $self;
  }

  entity Tasks {
    key id      : UUID;
        project : Association to Projects;
        name    : String;
  }

  @odata.singleton
  entity Settings {
    language : String;
    limit    : Integer;
  }

  function echoText(value : String) returns String;
  function echoTiny(value : UInt8) returns UInt8;
  function echoSmall(value : Int16) returns Int16;
  function echoNumber(value : Integer) returns Integer;
  function echoBig(value : Int64) returns Int64;
  function echoAmount(value : Decimal(20, 4)) returns Decimal(20, 4);
  function echoRatio(value : Double) returns Double;
  function echoFlag(value : Boolean) returns Boolean;
  function echoToken(value : UUID) returns UUID;
  function echoDay(value : Date) returns Date;
  function echoClock(value : Time) returns Time;
  function echoMoment(value : DateTime) returns DateTime;
  function echoInstant(value : Timestamp) returns Timestamp;
  function echoRaw(value : Binary) returns Binary;
  function echoTexts(value : many String) returns many String;
  function echoPlace(value : Place) returns Place;
  function echoPlaces(value : many Place) returns many Place;
  function nothing() returns String;
  function sample(id : Integer) returns Samples;
  function samples() returns many Samples;

  action mirror(text : String, tiny : UInt8, small : Int16, number : Integer, big : Int64, amount : Decimal(20, 4), ratio : Double,
    flag : Boolean, token : UUID, day : Date, clock : Time, moment : DateTime, instant : Timestamp, raw : Binary, tags : many String,
    place : Place, places : many Place) returns Mirrored;
  action reset();
  action fail(status : Integer, code : String);
  action addWords(words : many String) returns Integer;
  action store(sample : Samples) returns Samples;

  type Mirrored {
    text : String; tiny : UInt8; small : Int16; number : Integer; big : Int64; amount : Decimal(20, 4); ratio : Double;
    flag : Boolean; token : UUID; day : Date; clock : Time; moment : DateTime; instant : Timestamp; raw : Binary; tags : many String;
    place : Place; places : many Place;
  }
}
