import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Chat, GroupState, Member } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useLoaded } from "../page/act.ts";
import { Pane, Problem } from "../page/index.ts";
import { PictureButton } from "../dialogs/Picture.tsx";
import { useWay } from "../shell/way.ts";
import { Avatar, Row, Section } from "../parts/index.ts";
import { ChatRows, LockRows } from "./ChatRows.tsx";
import { EditLine, Head, useEditing } from "./Head.tsx";
import { LeaveGroup } from "./LeaveGroup.tsx";
import { Members } from "./Members.tsx";
import { mayEdit } from "./roles.ts";

export function GroupDetails({ chat }: { chat: Chat }): JSX.Element {
  const client = useClient();
  const way = useWay();
  const group = chat.group!;
  const edit = mayEdit(group);
  const members = useLoaded<readonly Member[]>(
    () => (group.joined === "in" ? client.do.members(chat.id) : Promise.resolve([])),
    [chat.id, group.joined, group.people?.join()],
  );
  return (
    <Pane title={t("details.group")} page={chat.id} first>
      <Head
        picture={<GroupPicture chat={chat} edit={edit} />}
        name={chat.name}
        renameLabel={t("group.rename")}
        onRename={edit ? (name) => client.do.renameGroup(chat.id, name) : undefined}
      >
        <p class="muted">
          {group.joined === "in" && members.value
            ? t("group.people", { count: members.value.length })
            : (group.problem ?? t("chat.out"))}
        </p>
        <Subject chat={chat} group={group} edit={edit} />
      </Head>
      <ChatRows chat={chat} />
      <Section title={t("encryption.section")}>
        <LockRows chat={chat} />
      </Section>
      {group.joined === "in" && (
        <Section title={t("group.members")}>
          {group.mayAdd && (
            <Row
              icon="person-add"
              title={t("group.add")}
              onClick={() => {
                way.open("details", chat.id, "add");
              }}
            />
          )}
          <Row
            icon="link"
            title={t("group.link")}
            text={group.closed ? t("group.linkClosed") : t("group.linkOpen")}
            onClick={() => {
              way.open("details", chat.id, "link");
            }}
          />
          <Problem text={members.problem} onAgain={members.again} />
          {members.value && (
            <Members chat={chat} group={group} members={members.value} onChanged={members.again} />
          )}
        </Section>
      )}
      <LeaveGroup chat={chat} members={members.value ?? []} />
    </Pane>
  );
}

function GroupPicture({ chat, edit }: { chat: Chat; edit: boolean }): JSX.Element {
  const client = useClient();
  if (!edit) return <Avatar address={chat.id} name={chat.name} picture={chat.picture} size={112} group />;
  return (
    <PictureButton
      address={chat.id}
      name={chat.name}
      kept={chat.picture}
      group
      onChange={async (picture) => {
        if (picture) await client.do.setGroupPicture(chat.id, picture);
      }}
    />
  );
}

function Subject({
  chat,
  group,
  edit,
}: {
  chat: Chat;
  group: GroupState;
  edit: boolean;
}): JSX.Element | null {
  const client = useClient();
  const { editing, edit: change, done, begin } = useEditing();
  if (editing)
    return (
      <EditLine
        label={t("group.subject")}
        value={group.subject ?? ""}
        onSave={(subject) => client.do.setSubject(chat.id, subject)}
        onClose={done}
      />
    );
  if (!edit) return group.subject ? <p class="subject">{group.subject}</p> : null;
  return (
    <button ref={begin} type="button" class="subject" onClick={change}>
      {group.subject ? group.subject : t("group.addSubject")}
      <span class="unseen">{t("group.editSubject")}</span>
    </button>
  );
}
