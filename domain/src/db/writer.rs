//! SQLite's one writer: a thread that commits whatever waits as one durable transaction.
//!
//! Each job runs in a savepoint of its own, so one that fails takes nothing with it; a job is answered only after the
//! commit that holds it. Durable commits then cost nearly nothing each (`DESIGN.md`, group commit).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};

use crate::kernel::{Code, Error, Result};

use super::Conn;

/// What a job leaves behind: told whether the commit that held it succeeded.
type Answer = Box<dyn FnOnce(Result<()>) + Send>;
/// One job: runs inside the open transaction; says whether the database itself failed.
type Job = Box<dyn FnOnce(&mut Conn) -> (Answer, bool) + Send>;

/// Diesel's own bookkeeping of open transactions.
type Manager = <Conn as Connection>::TransactionManager;

/// At most so many jobs share one commit.
const LARGEST_GROUP: usize = 256;

/// The writer's door. Dropping it ends the thread after the jobs already in.
pub(super) struct Writer {
    queue: SyncSender<Job>,
}

impl Writer {
    /// Starts the thread with its own connection and a queue of `depth` jobs.
    pub fn start(conn: Conn, depth: usize) -> Result<Self> {
        let (queue, jobs) = sync_channel(depth);
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || run(conn, &jobs))
            .map_err(Error::internal)?;
        Ok(Self { queue })
    }

    /// Runs `f` in the writer's transaction and waits for the commit. Blocks; call it on a blocking thread.
    pub fn run<T: Send + 'static>(&self, f: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static) -> Result<T> {
        let (reply, answer) = sync_channel::<Result<T>>(1);
        let job: Job = Box::new(move |conn| {
            let result = catch_unwind(AssertUnwindSafe(|| conn.transaction(f)))
                .unwrap_or_else(|_| Err(Error::internal("a write panicked and was rolled back")));
            let broken = matches!(&result, Err(e) if e.code == Code::Unavailable || e.code == Code::Internal);
            let answer: Answer = Box::new(move |commit| {
                // The asker may have gone away; the commit stands all the same.
                let _ = reply.send(commit.and(result));
            });
            (answer, broken)
        });
        self.queue.try_send(job).map_err(|e| match e {
            TrySendError::Full(_) => Error::unavailable("the write queue is full").retry_after(2),
            TrySendError::Disconnected(_) => Error::unavailable("the writer has stopped"),
        })?;
        answer.recv().map_err(|_| Error::unavailable("the writer stopped before the commit"))?
    }
}

/// The thread's loop: wait for one job, take what else waits, commit once.
fn run(mut conn: Conn, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut answers: Vec<Answer> = Vec::new();
        let outcome = group(&mut conn, first, jobs, &mut answers);
        for answer in answers {
            answer(match &outcome {
                Ok(()) => Ok(()),
                Err(e) => Err(Error::unavailable(e.to_string())),
            });
        }
    }
}

/// One group in one transaction. When the database itself fails (disk full, I/O), SQLite may have rolled the whole
/// transaction back behind our savepoints, so the group is given up and every job in it is told so.
fn group(conn: &mut Conn, first: Job, jobs: &Receiver<Job>, answers: &mut Vec<Answer>) -> Result<()> {
    begin_immediate(conn)?;
    let mut next = Some(first);
    let mut broken = false;
    while let Some(job) = next {
        let (answer, failed) = job(conn);
        answers.push(answer);
        if failed {
            broken = true;
            break;
        }
        next = if answers.len() < LARGEST_GROUP { jobs.try_recv().ok() } else { None };
    }
    if broken && answers.len() > 1 {
        let _ = Manager::rollback_transaction(conn);
        return Err(Error::unavailable("a write in the same commit failed; nothing of the group was kept"));
    }
    if broken {
        // Alone: its own savepoint is undone and its own error is the answer.
        let _ = Manager::rollback_transaction(conn);
        return Ok(());
    }
    Manager::commit_transaction(conn).map_err(|e| {
        let error = Error::from(e);
        let _ = Manager::rollback_transaction(conn);
        error
    })
}

/// `BEGIN IMMEDIATE`: a deferred transaction that reads and then writes fails under load
/// (709 of 800 in `facts/style.md` §4.1; immediate none).
fn begin_immediate(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE").map_err(Error::from),
        Conn::Pg(_) => Err(Error::internal("the group writer serves SQLite alone")),
    }
}
