// Records in every state, made once for the cases that only look at pages.

import { act, campaign, openReferral, sendWarrn } from "./console.mjs";

let made;

/** The addresses by what they show. The first case that asks makes them. */
export const scene = (helpers) => (made ??= make(helpers));

async function make({ another, signIn, token, captured }) {
  const [school, office] = [await another(), await another()];
  await signIn(school, "submitter");
  await signIn(office, "officer");
  const open = (changes) => openReferral(school, undefined, changes);
  const [fresh, asked, declined, passed] = [await open(), await open(), await open(), await open({ key_area: undefined })];
  await act(office, asked.id, "request-information", { question: "Beth sydd wedi newid?" });
  await act(office, declined.id, "decline", { reason: "other", note: "Rheswm. (Dychmygol.)" });
  await act(office, passed.id, "redirect", { service: "eps", note: "Gwell i chi." });
  const record = await sendWarrn(office, await token(["warrn:write"], "health"));
  const [over, ahead] = [await campaign(office, "over"), await campaign(office, "open")];
  const messages = captured();
  return {
    fresh: `/referrals/${fresh.id}`,
    asked: `/referrals/${asked.id}`,
    declined: `/referrals/${declined.id}`,
    passed: `/referrals/${passed.id}`,
    warrn: `/warrn/${record.id}`,
    over: `/surveys/${over}`,
    open: `/surveys/${ahead}`,
    message: `/mail/${messages.at(-1).name}`,
  };
}
