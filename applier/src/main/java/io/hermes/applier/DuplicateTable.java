package io.hermes.applier;

import io.hermes.proto.Checkpoint;
import io.hermes.proto.Checkpoint.EntryState;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Fingerprint;
import io.hermes.proto.Fingerprinter;
import io.hermes.proto.Identity;
import io.hermes.proto.InquiryRecord;
import io.hermes.proto.KeepRecord;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.Settings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which requests were delivered, and what was answered. Decides whether a delivered record is the request or a repeat of
 * it, from the log alone, so that every replica decides alike.
 *
 * <p>Two classes of requests are remembered. <i>Unnamed</i> ones can be repeated by their ingress only; they are released as
 * soon as that says so. <i>Named</i> ones, which a client named or was told the id of, may be repeated by anybody, and are kept
 * for the duplicate window: {@code keysMax} of them, for {@code keyRetention} of log time.
 *
 * <p>Invariant behind {@link Delivery.TooLate}: a request is accepted knowing {@code seenThrough}, so its first copy stands after
 * that position. If an entry was evicted, its position is at most the horizon; an absent request with {@code seenThrough}
 * at or above the horizon cannot be a repeat of it.
 *
 * <p>What is oldest in log order goes first, by bounds that {@link Settings} from the log give, and by log time. No clock, no
 * configuration of this process, no memory pressure has a say.
 *
 * <p>Owned by the loop's thread.
 */
public final class DuplicateTable {

    /** One request. */
    public static final class Entry {
        private final RequestId id;
        private String principal;
        private EntryState state;
        private @Nullable CorrelationId first;
        private long position;
        private long timeMillis;
        private @Nullable Fingerprint fingerprint;
        private boolean named;
        private boolean remembered = true;
        private @Nullable AppAnswer answer;
        private boolean missing;
        private long answerBytes;

        Entry(RequestId id, String principal, EntryState state, long position, long timeMillis) {
            this.id = id;
            this.principal = principal;
            this.state = state;
            this.position = position;
            this.timeMillis = timeMillis;
        }

        long position() {
            return position;
        }

        boolean isCancelled() {
            return state == EntryState.CANCELLED;
        }

        boolean isDelivered() {
            return state == EntryState.DELIVERED;
        }

        /** Whether another exchange's record was the request. */
        boolean isOfAnother(CorrelationId correlation) {
            return !correlation.equals(first);
        }

        /** Null until the app answered, and again when the answer is no longer kept. */
        @Nullable
        AppAnswer answer() {
            return answer;
        }

        /** The app of this replica answered while nobody listened: others may know the answer. */
        boolean isMissing() {
            return missing;
        }

        /** What its answer takes while it is kept. */
        long answerBytes() {
            return answerBytes;
        }

        /** It is known that there was an answer, but not which. */
        void dropAnswer() {
            answer = null;
        }

        private void toAnswer(AppAnswer said) {
            answer = said;
            answerBytes = KeptAnswers.bytes(said);
        }
    }

    private final Fingerprinter fingerprinter = new Fingerprinter();

    // All below is owned by the loop's thread.
    private final IngressRows rows = new IngressRows(this::onLosing);
    private final LinkedHashMap<RequestId, Entry> named = new LinkedHashMap<>();
    private final Set<Entry> unnamed = new LinkedHashSet<>();
    private final KeptAnswers answers = new KeptAnswers();
    private Settings settings = Settings.BEFORE_ANY_RECORD;
    private int namedByIngresses;
    private long horizon;

    /**
     * Takes notice of a delivered request. To be called once for each, in log order.
     *
     * @param position where it stands
     * @param record what was delivered
     * @param timeMillis log time at this position
     * @return whether it is to be applied
     */
    public Delivery deliver(long position, RequestRecord record, long timeMillis) {
        IngressRows.Row row = heard(position, record, timeMillis);
        return record.identity().isNamed()
                ? deliverNamed(position, record, timeMillis, row)
                : deliverUnnamed(position, record, timeMillis, row);
    }

    /**
     * Takes notice of a delivered request that changes nothing: it is not remembered, but what its ingress says along with it
     * counts.
     *
     * @param position where it stands
     * @param record what was delivered
     * @param timeMillis log time at this position
     */
    void pass(long position, RequestRecord record, long timeMillis) {
        var unused = heard(position, record, timeMillis);
    }

    private IngressRows.Row heard(long position, RequestRecord record, long timeMillis) {
        IngressRows.Row row = rows.touch(record.correlation().incarnation(), position, timeMillis);
        forgetBy(timeMillis);
        row.releaseBelow(record.lowestUnfinished(), this::forget);
        return row;
    }

    private Delivery deliverUnnamed(long position, RequestRecord record, long timeMillis, IngressRows.Row row) {
        Identity identity = record.identity();
        long number = identity.correlation().number();
        Entry known = row.find(number);
        if (known == null && namedByIngresses > 0) {
            Entry underItsId = named.get(identity.id());
            known = underItsId != null && isMeant(underItsId, record) ? underItsId : null;
        }
        if (known != null) {
            return known.state == EntryState.RESERVED
                    ? first(known, position, record, timeMillis, row)
                    : new Delivery.Repeat(known);
        }
        if (row.isReleased(number) || record.seenThrough() < horizon) {
            return new Delivery.TooLate();
        }
        Entry entry = new Entry(identity.id(), identity.principal(), EntryState.DELIVERED, position, timeMillis);
        entry.first = row.shared(identity.correlation());
        entry.fingerprint = fingerprinter.of(record.request(), identity.principal());
        row.put(number, entry);
        unnamed.add(entry);
        evictBeyondBounds();
        return new Delivery.First(entry);
    }

    private Delivery deliverNamed(long position, RequestRecord record, long timeMillis, IngressRows.Row row) {
        Identity identity = record.identity();
        Entry known = find(identity.id());
        if (known == null) {
            if (record.seenThrough() < horizon || rows.mayBeForgotten(identity.id())) {
                return new Delivery.TooLate();
            }
            Entry entry = new Entry(identity.id(), identity.principal(), EntryState.DELIVERED, position, timeMillis);
            return first(entry, position, record, timeMillis, row);
        }
        toNamed(known, timeMillis);
        if (known.state == EntryState.RESERVED) {
            return first(known, position, record, timeMillis, row);
        }
        return known.state == EntryState.DELIVERED && differs(known, identity, record)
                ? new Delivery.Different(known)
                : new Delivery.Repeat(known);
    }

    /**
     * Whether what is known under the id that an ingress gave a request is that request, or its cancellation: anybody may send any
     * id as a key, also one that is given to somebody else's request later, and must not get that one swallowed by it.
     */
    private boolean isMeant(Entry known, RequestRecord record) {
        Identity identity = record.identity();
        return known.state != EntryState.DELIVERED
                || !known.isOfAnother(identity.correlation())
                || (known.principal.equals(identity.principal()) && !differs(known, identity, record));
    }

    private boolean differs(Entry known, Identity identity, RequestRecord record) {
        return known.isOfAnother(identity.correlation())
                && !fingerprinter.of(record.request(), identity.principal()).equals(known.fingerprint);
    }

    /** A named request is delivered: it goes to the end of those that will be forgotten. */
    private Delivery first(Entry entry, long position, RequestRecord record, long timeMillis, IngressRows.Row row) {
        removeNamed(entry);
        entry.state = EntryState.DELIVERED;
        entry.principal = record.identity().principal();
        entry.first = row.shared(record.correlation());
        entry.position = position;
        entry.timeMillis = timeMillis;
        entry.fingerprint = fingerprinter.of(record.request(), record.identity().principal());
        addNamed(entry);
        evictBeyondBounds();
        return new Delivery.First(entry);
    }

    /** Clients were told these ids: what is known, or may still come, is kept like what they named themselves. */
    void keep(long position, KeepRecord record, long timeMillis) {
        IngressRows.Row row = rows.touch(record.incarnation(), position, timeMillis);
        forgetBy(timeMillis);
        for (long number : record.numbers()) {
            Entry known = row.find(number);
            RequestId id = new RequestId.Made(new CorrelationId(record.incarnation(), number));
            if (known != null) {
                toNamed(known, timeMillis);
            } else if (!named.containsKey(id) && !row.isReleased(number) && !row.isLossy()) {
                addNamed(new Entry(id, "", EntryState.RESERVED, position, timeMillis));
            }
        }
        evictBeyondBounds();
    }

    /**
     * What became of a request; after a cancellation, what is never to come of it.
     *
     * @return null if nobody can tell: it may have been applied and forgotten
     */
    @Nullable
    Entry inquire(long position, InquiryRecord record, long timeMillis) {
        forgetBy(timeMillis);
        RequestId id = record.identity().id();
        Entry known = find(id);
        if (known != null && !known.isDelivered()) {
            if (record.cancel() && known.state == EntryState.RESERVED) {
                removeNamed(known);
                known.state = EntryState.CANCELLED;
                known.position = position;
                known.timeMillis = timeMillis;
                addNamed(known);
            }
            return known;
        }
        if (known != null) {
            return known.principal.equals(record.identity().principal()) ? known : null;
        }
        if (rows.mayBeForgotten(id)) {
            return null;
        }
        EntryState state = record.cancel() ? EntryState.CANCELLED : EntryState.RESERVED;
        Entry answer = new Entry(id, record.identity().principal(), state, record.cancel() ? position : 0, timeMillis);
        if (record.cancel()) {
            addNamed(answer);
            evictBeyondBounds();
        }
        return answer;
    }

    /**
     * Remembers what the app answered.
     *
     * @param entry that {@link #deliver} returned as first
     * @param answer what the app said
     */
    public void remember(Entry entry, AppAnswer answer) {
        entry.toAnswer(answer);
        entry.missing = false;
        if (entry.remembered) {
            answers.add(entry);
            answers.dropBeyond(settings.answerBytesMax());
        }
    }

    /** The app has executed the request before this replica could hear the answer. */
    void rememberMissing(Entry entry) {
        entry.missing = true;
    }

    /** Looks a request up that is said to stand in the log already; null if it is forgotten. */
    @Nullable
    Entry find(RequestId id) {
        IngressRows.Row row = rows.of(id);
        Entry found = row != null && id instanceof RequestId.Made made
                ? row.find(made.first().number())
                : null;
        return found == null ? named.get(id) : found;
    }

    /** Whether two requests are the same, as far as it counts; true if one side's fingerprint is not known. */
    static boolean isSame(Entry entry, @Nullable Fingerprint fingerprint) {
        return fingerprint == null || entry.fingerprint == null || fingerprint.equals(entry.fingerprint);
    }

    /**
     * The bounds in force.
     *
     * @return as the log has them
     */
    public Settings settings() {
        return settings;
    }

    /**
     * Takes other bounds over, from the log.
     *
     * @param next in force from now on
     */
    public void toSettings(Settings next) {
        settings = next;
        evictBeyondBounds();
        answers.dropBeyond(settings.answerBytesMax());
    }

    /** No request with a position up to here that is absent can be told from a forgotten one; 0 if none was forgotten. */
    long horizon() {
        return horizon;
    }

    /**
     * How many requests are remembered.
     *
     * @return unnamed and named ones
     */
    public int size() {
        return unnamed.size() + named.size();
    }

    long answerBytes() {
        return answers.bytes();
    }

    /**
     * What is known of ingresses.
     *
     * @return copies
     */
    public List<Checkpoint.Row> rows() {
        return rows.checkpoint();
    }

    boolean rowsLost() {
        return rows.rowsLost();
    }

    /**
     * What is remembered of requests.
     *
     * @return copies
     */
    public List<Checkpoint.Entry> entries() {
        List<Checkpoint.Entry> copies = new ArrayList<>(size());
        named.values().forEach(entry -> copies.add(copy(entry)));
        unnamed.forEach(entry -> copies.add(copy(entry)));
        return copies;
    }

    /**
     * Takes over what a checkpoint holds; to be called on an empty table.
     *
     * @param checkpoint as it was written
     */
    public void restore(Checkpoint checkpoint) {
        settings = checkpoint.settings();
        horizon = checkpoint.horizon();
        rows.restore(checkpoint);
        List<Entry> answered = new ArrayList<>();
        for (Checkpoint.Entry saved : checkpoint.entries()) {
            Entry entry = new Entry(saved.id(), saved.principal(), saved.state(), saved.position(), saved.timeMillis());
            entry.first = saved.first();
            entry.fingerprint = saved.fingerprint();
            entry.missing = saved.missing();
            if (saved.answer() != null) {
                entry.toAnswer(new AppAnswer(saved.answer()));
                answered.add(entry);
            }
            if (saved.named()) {
                addNamed(entry);
            } else if (saved.id() instanceof RequestId.Made made) {
                IngressRows.Row row = rows.of(saved.id());
                if (row != null) {
                    row.put(made.first().number(), entry);
                    unnamed.add(entry);
                }
            }
        }
        answered.sort((a, b) -> Long.compare(a.position, b.position));
        answered.forEach(answers::add);
    }

    private static Checkpoint.Entry copy(Entry entry) {
        AppAnswer answer = entry.answer;
        return new Checkpoint.Entry(
                entry.id,
                entry.principal,
                entry.first,
                entry.position,
                entry.timeMillis,
                entry.fingerprint,
                entry.state,
                entry.named,
                answer == null ? null : answer.answer(),
                entry.missing);
    }

    private void forgetBy(long timeMillis) {
        rows.loseSilentSince(timeMillis - settings.ingressRetention().toMillis());
        long keptSince = timeMillis - settings.keyRetention().toMillis();
        Iterator<Entry> eldest = named.values().iterator();
        while (eldest.hasNext()) {
            Entry entry = eldest.next();
            if (entry.timeMillis >= keptSince) {
                break;
            }
            eldest.remove();
            evict(entry);
        }
    }

    /** The horizon rises in any case: what the row's ingress has in the air may come later, and its client was told 504. */
    private void onLosing(IngressRows.Row row) {
        row.lose(this::forget);
        horizon = Math.max(horizon, row.lastPosition());
    }

    private void evictBeyondBounds() {
        while (unnamed.size() > settings.requestsMax()) {
            Entry eldest = unnamed.iterator().next();
            horizon = Math.max(horizon, eldest.position);
            forget(eldest);
            if (eldest.id instanceof RequestId.Made made) {
                IngressRows.Row row = rows.of(eldest.id);
                if (row != null) {
                    row.remove(made.first().number());
                    row.toLossy();
                }
            }
        }
        Iterator<Entry> eldest = named.values().iterator();
        while (named.size() > settings.keysMax()) {
            Entry entry = eldest.next();
            eldest.remove();
            evict(entry);
        }
    }

    /** A named entry that was taken out of the map already. */
    private void evict(Entry entry) {
        horizon = Math.max(horizon, entry.position);
        namedByIngresses -= entry.id instanceof RequestId.Made ? 1 : 0;
        if (entry.id instanceof RequestId.Made made) {
            IngressRows.Row row = rows.of(entry.id);
            // Below what its ingress has finished, the number alone says that it may be forgotten.
            if (row != null && !row.isReleased(made.first().number())) {
                row.toLossy();
            }
        }
        forget(entry);
    }

    private void toNamed(Entry entry, long timeMillis) {
        if (!entry.named && entry.id instanceof RequestId.Made made) {
            IngressRows.Row row = rows.of(entry.id);
            if (row != null) {
                row.remove(made.first().number());
            }
            unnamed.remove(entry);
            entry.timeMillis = timeMillis;
            addNamed(entry);
        }
    }

    private void addNamed(Entry entry) {
        entry.named = true;
        Entry before = named.remove(entry.id);
        if (before != null && before != entry) {
            forget(before);
        }
        named.put(entry.id, entry);
        if (before == null && entry.id instanceof RequestId.Made) {
            namedByIngresses++;
        }
    }

    private void removeNamed(Entry entry) {
        if (named.remove(entry.id) != null && entry.id instanceof RequestId.Made) {
            namedByIngresses--;
        }
    }

    private void forget(Entry entry) {
        entry.remembered = false;
        unnamed.remove(entry);
        answers.remove(entry);
    }
}
