import { t } from "../../i18n/index.ts";
import type { Address, Message } from "../../state/model.ts";
import { day, home, hour, minute, now } from "./people.ts";
import { photo, say } from "./say.ts";
import { school } from "./school.ts";

const wave = [
  8, 20, 35, 60, 42, 78, 55, 30, 64, 90, 48, 22, 70, 100, 82, 40, 25, 60, 88, 52, 30, 75, 95, 60, 33, 18, 45,
  66, 38, 15,
];

function family(): Message[] {
  const chat: Address = `family@groups.${home}`;
  const today = now - 60 * minute;
  const lake = say(chat, "Mia", today + 13 * minute, "We made it to the lake!", {
    id: "family-lake",
    kind: "photo",
    attachment: photo("lake.jpg"),
    reactions: [
      { emoji: "❤️", who: [t("who.you"), "Oma", "Ben"], own: true },
      { emoji: "😍", who: ["Jonas"], own: false },
    ],
  });
  return [
    say(chat, "", now - 2 * day, "Who is in for cake on Sunday? 🍰", { state: "read", edited: true }),
    say(
      chat,
      "Jonas",
      now - 2 * day + minute,
      "*Me!* And I bring _two_ friends, ~or three~.\nSee https://example.org/bus?from=town for the bus.",
    ),
    say(chat, "Jonas", now - 2 * day + 2 * minute, "👍🏽🎉"),
    say(chat, "Opa Heinrich", now - day, "", { from: `opa@${home}`, retracted: true }),
    say(
      chat,
      "Opa Heinrich",
      now - day + minute,
      "> Who is in for cake\nIch. Und der Bootsführerscheinprüfungstermin ist verschoben.\n```\n10:00 Bus\n10:40 Hafen\n```",
      { from: `opa@${home}` },
    ),
    say(chat, "", now - day + 3 * minute, "Der Wetterbericht", {
      kind: "file",
      text: "",
      attachment: {
        url: "https://kith.example/f",
        name: "Wetterbericht für das ganze Wochenende am See.pdf",
        type: "application/pdf",
        size: 2_340_000,
      },
    }),
    say(chat, "", today, "Ben joined", {
      id: "family-notice",
      kind: "notice",
      own: false,
      text: "Ben is here now",
    }),
    lake,
    say(chat, "", today + 16 * minute, "Beautiful. Are you back for cake?", {
      id: "family-quote",
      quote: { message: lake.id, who: "Mia", text: lake.text, kind: "photo" },
    }),
    say(chat, "", today + 16 * minute, "I can pick you up at six"),
    say(chat, "Ben", today + 25 * minute, "", {
      kind: "voice",
      attachment: {
        url: "https://kith.example/v",
        name: "voice.m4a",
        type: "audio/mp4",
        duration: 14,
        size: 48_000,
        waveform: wave,
      },
    }),
    say(chat, "نور الدين", today + 40 * minute, "مرحبا @Anna، هل نحتاج إلى شيء من السوق؟", {
      id: "family-new",
      from: `nour@${home}`,
      mention: true,
    }),
    say(chat, "Oma", today + 56 * minute, "Yes please, all of you 😊"),
    say(chat, "Oma", today + 57 * minute, "The cake is in the oven 🎂"),
    say(chat, "", today + 58 * minute, "", {
      id: "family-upload",
      kind: "photo",
      state: "waiting",
      attachment: { name: "garden.jpg", type: "image/jpeg", width: 1200, height: 1600 },
    }),
    say(chat, "", today + 59 * minute, "Has it raisins?", {
      state: "failed",
      problem: "The box did not answer.",
    }),
  ];
}

function ben(): Message[] {
  const chat: Address = `ben@${home}`;
  return [
    say(chat, "", now - 3 * hour, "Ben has a new device. Check its key when you see him.", {
      kind: "notice",
      own: false,
    }),
    say(chat, "", now - 2 * hour, "Did you feed the cat?", { state: "delivered" }),
    say(chat, "Ben", now - 90 * minute, "🐈"),
    say(chat, "Ben", now - 89 * minute, "Look at her", {
      kind: "video",
      attachment: {
        url: "https://kith.example/c",
        name: "cat.mp4",
        type: "video/mp4",
        size: 9_800_000,
        width: 720,
        height: 1280,
        duration: 21,
      },
    }),
    say(chat, "", now - 60 * minute, "So sweet", { state: "sent" }),
    say(chat, "Ben", now - 50 * minute, "", {
      kind: "audio",
      attachment: {
        url: "https://kith.example/s",
        name: "Wiegenlied für die Katze.mp3",
        type: "audio/mpeg",
        duration: 154,
      },
    }),
    say(chat, "Ben", now - 49 * minute, "", {
      kind: "photo",
      attachment: {
        url: "https://kith.example/p",
        name: "cat.jpg",
        type: "image/jpeg",
        width: 900,
        height: 600,
      },
    }),
    say(chat, "Ben", now - 36 * minute, "Missed call", { kind: "call" }),
    say(chat, "Ben", now - 35 * minute, "", {
      kind: "voice",
      attachment: {
        url: "https://kith.example/v2",
        name: "voice.m4a",
        type: "audio/mp4",
        duration: 14,
        waveform: wave.toReversed(),
      },
    }),
  ];
}

const words = [
  "Hello",
  "On the way",
  "Shall we meet at the station at six, or is half past better for you?",
  "😀",
  "Ja, gerne",
  "The photos from the garden are wonderful. I put them into the blue album beside the ones from last summer, so that Oma finds them.",
  "OK",
  "See https://example.org/",
];

function history(chat: Address): Message[] {
  const from = now - 3650 * day;
  const names = ["Mia", "Ben", "", "Oma", "", "Jonas"];
  return Array.from({ length: 10_000 }, (_, i) => {
    const who = names[Math.floor(i / 3) % names.length]!;
    const at = from + i * 8.75 * hour;
    return i % 97 === 5
      ? say(chat, who, at, "", {
          id: `h${i}`,
          kind: "photo",
          attachment: photo(`photo ${i}.jpg`, 800 + (i % 5) * 200, 900),
        })
      : say(chat, who, at, `${words[(i * 7) % words.length]!} (${i + 1})`, { id: `h${i}` });
  });
}

/** The messages of one of the example chats. */
export function messages(chat: Address): Message[] {
  if (chat.startsWith("family@")) return family();
  if (chat.startsWith("ben@")) return ben();
  if (chat.startsWith("history@")) return history(chat);
  if (chat.startsWith("school@")) return school(chat);
  if (chat.startsWith("greta@"))
    return [
      say(chat, "Greta", now - 8 * minute, "Hi Anna, I am Ben's teacher. Is this the right address?", {
        encrypted: false,
      }),
    ];
  if (chat.startsWith("nour@"))
    return [say(chat, "نور الدين", now - 6 * hour, "شكراً جزيلاً! نراكم يوم الأحد إن شاء الله")];
  return [
    say(chat, "Mia", now - 3 * hour, "Where are you?"),
    say(chat, "", now - 110 * minute, "See you at the station"),
  ];
}
