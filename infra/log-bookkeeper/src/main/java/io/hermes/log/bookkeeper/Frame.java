package io.hermes.log.bookkeeper;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;

/**
 * What travels between a process and the sequencer: length (4 bytes, of what follows), kind (1), number (8), payload. A client
 * begins with HELLO; appends are numbered by the client and answered in any order.
 *
 * @param kind one of the constants
 * @param number of the append, or the epoch
 * @param position of an APPENDED; 0 otherwise
 * @param payload the record, the log's identity, or a reason
 */
@SuppressWarnings("ArrayRecordComponent") // frames are moved, never compared
record Frame(byte kind, long number, long position, byte[] payload) {

    /** Client: number is the epoch, payload the log's identity. */
    static final byte HELLO = 1;
    /** Client: payload is the record. */
    static final byte APPEND = 2;
    /** Client: to be answered at once. */
    static final byte PING = 3;
    /** Server: the epoch is its own, appends may come. */
    static final byte WELCOME = 4;
    /** Server: of that epoch it is not, or no longer, the sequencer. */
    static final byte NOT_SEQUENCER = 5;
    /** Server: payload is empty, the position follows the number. */
    static final byte APPENDED = 6;
    /** Server: payload is a reason; another sequencer may take the append. */
    static final byte NOT_WRITTEN = 7;
    /** Server: payload is a reason. */
    static final byte UNKNOWN = 8;
    /** Server: it lives. */
    static final byte PONG = 9;

    private static final byte[] NOTHING = new byte[0];
    private static final int LENGTH_BYTES = 4;
    private static final int HEAD_BYTES = 1 + 8;
    private static final int REASON_BYTES_MAX = 4096;

    static Frame of(byte kind, long number, byte[] payload) {
        return new Frame(kind, number, 0, payload);
    }

    static Frame of(byte kind, long number) {
        return new Frame(kind, number, 0, NOTHING);
    }

    static Frame appended(long number, long position) {
        return new Frame(APPENDED, number, position, NOTHING);
    }

    int bytes() {
        return LENGTH_BYTES + HEAD_BYTES + (kind == APPENDED ? 8 : 0) + payload.length;
    }

    void writeTo(ByteBuf to) {
        to.writeInt(bytes() - LENGTH_BYTES).writeByte(kind).writeLong(number);
        if (kind == APPENDED) {
            to.writeLong(position);
        }
        to.writeBytes(payload);
    }

    /**
     * Reads a frame whose length was cut off by the decoder.
     *
     * @throws IndexOutOfBoundsException if it is too short
     */
    static Frame read(ByteBuf from) {
        byte kind = from.readByte();
        long number = from.readLong();
        long position = kind == APPENDED ? from.readLong() : 0;
        byte[] payload = new byte[from.readableBytes()];
        from.readBytes(payload);
        return new Frame(kind, number, position, payload);
    }

    /** Cuts the stream into frames; a longer one ends the connection. */
    static LengthFieldBasedFrameDecoder decoder(int recordBytesMax) {
        int max = LENGTH_BYTES + HEAD_BYTES + Math.max(recordBytesMax, REASON_BYTES_MAX);
        return new LengthFieldBasedFrameDecoder(max, 0, LENGTH_BYTES, 0, LENGTH_BYTES);
    }
}
