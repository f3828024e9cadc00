// Two pages of a headless Chromium that call each other through a relay and by no other way, with Chromium's own fake camera
// and microphone. Tells on stdout, as one line of JSON, how they connected and what they saw of each other.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { chromium } from "playwright-core";

import { chromiumWith, fakeMedia } from "../chromium.mjs";

const { iceServers, certificate } = JSON.parse(process.env.INTEROP_CALL);
const profile = fs.mkdtempSync(path.join(os.tmpdir(), "interop-call-"));
const { args, ...options } = chromiumWith(certificate);
const context = await chromium.launchPersistentContext(profile, { ...options, args: [...args, ...fakeMedia] });

async function open(name) {
  const page = await context.newPage();
  // A page of a site that is secure, as cameras ask for.
  await page.route("https://call.test/", (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>call</title>" }),
  );
  await page.goto("https://call.test/");
  await page.evaluate(
    async ({ iceServers, name }) => {
      const call = new RTCPeerConnection({ iceServers, iceTransportPolicy: "relay" });
      window.call = call;
      window.faults = [];
      call.onicecandidateerror = (event) => window.faults.push(`${event.url} ${event.errorCode} ${event.errorText}`);
      const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
      for (const track of media.getTracks()) call.addTrack(track, media);
      window.video = document.createElement("video");
      window.video.muted = true;
      call.ontrack = (event) => {
        if (event.track.kind !== "video") return;
        window.video.srcObject = event.streams[0];
        window.video.play();
      };
      window.describe = async (make) => {
        await call.setLocalDescription(await call[make]());
        await new Promise((resolve) => {
          if (call.iceGatheringState === "complete") resolve();
          call.onicegatheringstatechange = () => call.iceGatheringState === "complete" && resolve();
        });
        return call.localDescription.toJSON();
      };
      document.title = name;
    },
    { iceServers, name },
  );
  return page;
}

/** Waits for pictures of the other, and says by what way they came. */
async function see(page) {
  await page.waitForFunction(() => window.video.currentTime > 0.5 && window.video.videoWidth > 0, null, {
    timeout: 20_000,
  });
  return await page.evaluate(async () => {
    const stats = [...(await window.call.getStats()).values()];
    const pair = stats.find((each) => each.type === "candidate-pair" && each.nominated);
    const [local, remote] = [pair.localCandidateId, pair.remoteCandidateId].map((id) =>
      stats.find((each) => each.id === id),
    );
    return { local: local.candidateType, remote: remote.candidateType, by: local.relayProtocol, url: local.url };
  });
}

let told;
try {
  const [ann, bob] = [await open("ann"), await open("bob")];
  const offer = await ann.evaluate(() => window.describe("createOffer"));
  await bob.evaluate((offer) => window.call.setRemoteDescription(offer), offer);
  const answer = await bob.evaluate(() => window.describe("createAnswer"));
  await ann.evaluate((answer) => window.call.setRemoteDescription(answer), answer);
  try {
    told = { ann: await see(ann), bob: await see(bob) };
  } catch (fault) {
    told = { fault: fault.message, faults: await ann.evaluate(() => window.faults) };
  }
} finally {
  await context.close();
  fs.rmSync(profile, { recursive: true, force: true });
}
process.stdout.write(`${JSON.stringify(told)}\n`);
