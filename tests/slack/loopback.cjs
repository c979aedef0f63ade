"use strict";
// Preloaded into a foreign server: it listens on 127.0.0.1 only, on any free port, and says which on descriptor STAND_FD.
const fs = require("node:fs");
const net = require("node:net");

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...given) {
  const told = given.find((one) => typeof one === "function");
  this.once("listening", () => fs.writeSync(Number(process.env.STAND_FD), `${this.address().address}:${this.address().port}\n`));
  return listen.call(this, { host: "127.0.0.1", port: 0 }, told);
};
