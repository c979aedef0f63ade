"""The common Slack emoji by shortcode."""

from __future__ import annotations

_TABLE = """
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|eyes 👀|tada 🎉|rocket 🚀|fire 🔥|facepalm 🤦|face_palm 🤦|man-facepalming 🤦
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|warning ⚠️|rotating_light 🚨|red_circle 🔴
large_yellow_circle 🟡|yellow_circle 🟡|large_green_circle 🟢|green_circle 🟢|large_orange_circle 🟠
large_blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|information_source ℹ️
question ❓|grey_question ❔|exclamation ❗
bangbang ‼️|heart ❤️|green_heart 💚|blue_heart 💙|purple_heart 💜|pray 🙏|clap 👏|raised_hands 🙌|wave 👋|ok_hand 👌
muscle 💪|point_up ☝️|point_right 👉|point_left 👈|point_down 👇|raised_hand ✋|hand ✋|handshake 🤝|fingers_crossed 🤞
crossed_fingers 🤞|salute 🫡|saluting_face 🫡|sob 😭|joy 😂|rofl 🤣|sweat_smile 😅|smile 😄|slightly_smiling_face 🙂
upside_down_face 🙃|grimacing 😬|thinking_face 🤔|thinking 🤔|scream 😱|cry 😢|disappointed 😞|weary 😩|tired_face 😫
sleeping 😴|yawning_face 🥱|zzz 💤|neutral_face 😐|no_mouth 😶|melting_face 🫠|exploding_head 🤯
face_with_rolling_eyes 🙄|skull 💀|ghost 👻|see_no_evil 🙈|hear_no_evil 🙉|speak_no_evil 🙊
nerd_face 🤓|sunglasses 😎|hugging_face 🤗|wink 😉
relieved 😌|cold_sweat 😰|fearful 😨|dizzy_face 😵|face_with_monocle 🧐|shrug 🤷|100 💯|boom 💥|zap ⚡|sparkles ✨
star ⭐|star2 🌟|bulb 💡|bug 🐛|beetle 🐞|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|gear ⚙️|lock 🔒|unlock 🔓|key 🔑
mag 🔍|mag_right 🔎|memo 📝|pencil 📝|pushpin 📌|round_pushpin 📍|paperclip 📎|link 🔗|bell 🔔|no_bell 🔕
loudspeaker 📢|mega 📣|speech_balloon 💬|telephone_receiver 📞|phone ☎️|pager 📟|computer 💻|desktop_computer 🖥️
floppy_disk 💾|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|calendar 📅|clock1 🕐|stopwatch ⏱️
alarm_clock ⏰|hourglass ⌛|hourglass_flowing_sand ⏳|coffee ☕|pizza 🍕|beer 🍺|beers 🍻|cookie 🍪|popcorn 🍿|cake 🍰
arrow_up ⬆️|arrow_down ⬇️|arrow_right ➡️|arrow_left ⬅️|arrows_counterclockwise 🔄|rewind ⏪|leftwards_arrow_with_hook ↩️
recycle ♻️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|construction 🚧|traffic_light 🚥|vertical_traffic_light 🚦
fire_engine 🚒|ambulance 🚑|firefighter 🧑‍🚒|fire_extinguisher 🧯|police_car 🚓|ship 🚢|package 📦|wastebasket 🗑️
broom 🧹|sponge 🧽|bandage 🩹|adhesive_bandage 🩹|thermometer 🌡️|detective 🕵️|sleuth_or_spy 🕵️|robot_face 🤖|robot 🤖
parrot 🦜|duck 🦆|turtle 🐢|snail 🐌|cat 🐱|dog 🐶|crab 🦀|whale 🐳|elephant 🐘|unicorn_face 🦄|trophy 🏆|medal 🏅
dart 🎯|game_die 🎲|checkered_flag 🏁|triangular_flag_on_post 🚩|money_with_wings 💸|moneybag 💰|credit_card 💳
shopping_trolley 🛒|earth_americas 🌎|cloud ☁️|sunny ☀️|moon 🌔|crescent_moon 🌙|rainbow 🌈|snowflake ❄️|ocean 🌊
one 1️⃣|two 2️⃣|three 3️⃣|repeat 🔁|new 🆕|ok 🆗|sos 🆘|crown 👑|technologist 🧑‍💻
skin-tone-2 🏻|skin-tone-3 🏼|skin-tone-4 🏽|skin-tone-5 🏾|skin-tone-6 🏿|partying_face 🥳|bow 🙇
heavy_heart_exclamation_mark_ornament ❣️|male-technologist 👨‍💻|female-technologist 👩‍💻|thread 🧵
"""  # noqa: RUF001 these are emoji

EMOJI: dict[str, str] = {
    name: glyph for line in _TABLE.split("\n") if line for name, glyph in (pair.split(" ") for pair in line.split("|"))
}
"""Shortcode without colons to the character."""


def glyph(name: str) -> str:
    """The character of a shortcode, with or without colons; an unknown one stays ``:name:``."""
    bare = name.strip(":")
    if bare in EMOJI:
        return EMOJI[bare]
    return f":{bare}:" if bare.isascii() else bare
