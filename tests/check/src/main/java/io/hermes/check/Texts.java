package io.hermes.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Bodies as text, texts as words, and pieces of them for people. */
final class Texts {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_.:+/@%-]+");
    private static final String EDGES = ".:+@-";
    private static final int AROUND = 40;
    private static final int INSIDE_MAX = 80;

    private Texts() {}

    /** Unpacked if it is gzip, then UTF-8 or else one byte a character. */
    static String of(byte[] body) {
        if (body.length > 10 && body[0] == 0x1f && body[1] == (byte) 0x8b) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
                int packedSeconds = ByteBuffer.wrap(body)
                        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                        .getInt(4);
                return "gzip, packed at " + Integer.toUnsignedString(packedSeconds) + ": " + plain(in.readAllBytes());
            } catch (IOException e) {
                return plain(body);
            }
        }
        return plain(body);
    }

    private static String plain(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(body, StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * One word of a text.
     *
     * @param text without punctuation at its ends
     * @param before what stands before it, some characters
     */
    record Word(String text, String before) {}

    static List<Word> words(String text) {
        List<Word> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            int begin = matcher.start();
            int end = matcher.end();
            while (begin < end && EDGES.indexOf(text.charAt(begin)) >= 0) {
                begin++;
            }
            while (end > begin && EDGES.indexOf(text.charAt(end - 1)) >= 0) {
                end--;
            }
            if (begin < end) {
                words.add(new Word(text.substring(begin, end), text.substring(Math.max(0, begin - 24), begin)));
            }
        }
        return words;
    }

    /** Where two texts begin to differ. */
    static int firstDifference(String left, String right) {
        int end = Math.min(left.length(), right.length());
        int at = 0;
        while (at < end && left.charAt(at) == right.charAt(at)) {
            at++;
        }
        return at;
    }

    /** A piece of a text around a place, on one line. */
    static String piece(String text, int at) {
        int begin = Math.max(0, at - AROUND);
        int end = Math.min(text.length(), at + INSIDE_MAX);
        return (begin > 0 ? "…" : "") + printable(text.substring(begin, end)) + (end < text.length() ? "…" : "");
    }

    static String shortened(String text) {
        return piece(text, 0);
    }

    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> printable.append("\\n");
                case '\r' -> printable.append("\\r");
                case '\t' -> printable.append("\\t");
                default -> {
                    if (Character.isISOControl(c)) {
                        printable.append(String.format("\\x%02x", (int) c));
                    } else {
                        printable.append(c);
                    }
                }
            }
        }
        return printable.toString();
    }
}
